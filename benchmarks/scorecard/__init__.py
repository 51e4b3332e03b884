"""Bad kinds of rows, told by simple rules of their own.

They share nothing with `beam_synth.checks`, so that they can tell when a check is wrong: words are
runs of letters, sentences end at marks, and a name is a word with a capital.
"""

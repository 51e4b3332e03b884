"""Problems by template: texts with slots, whose values are drawn and whose answers are computed.

`format` reads templates, `sampling` draws values, `solving` computes an answer by a second route,
`rendering` writes questions, steps and numbers, `slips` makes the wrong options, `lean` turns
formal statements into templates. (After GSM-Symbolic, arXiv 2410.05229; own syntax and texts.)
"""

from __future__ import annotations

from beam_synth.materials.problems.format import Instance, Problem, load_problems, problem_of

__all__ = ["Instance", "Problem", "load_problems", "problem_of"]

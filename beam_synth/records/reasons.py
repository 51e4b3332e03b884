"""Why a record went no further: the closed list of reasons.

A reason is what accounts and rejects are counted by, so it names the rule that did not hold, never
the value; the value is the reject's `detail`. `records.reject` refuses a reason that is not here.
"""

from __future__ import annotations

# Reason -> what it means. "failed" ones go to errors/, the others to rejects/.
REASONS: dict[str, str] = {
    # failed: the input or a service is broken
    "malformed_json": "the line is not valid JSON",
    "wrong_type": "a field has another type than the schema's",
    "missing_field": "a required field is missing or empty",
    "no_text": "the article, document or instruction has no text",
    "unknown_language": "the language given is none, or none is given and the text tells none",
    "malformed_row": "the row of a CSV file has other fields than its header, or an open quotation",
    "invalid_utf8": "the bytes are not UTF-8",
    "truncated_file": "the compressed file ends too early or is damaged",
    "line_too_long": "the line is longer than the limit",
    "empty_file": "the file holds no record",
    "unreadable_file": "the file cannot be opened or is of no known kind",
    "duplicate_article": "another record of the same page has a newer revision",
    "duplicate_id": "another record of the source has that id, or that text where none has an id",
    "engine_error": "the model call failed and was not tried again",
    "internal_error": "the code that makes samples broke on this task",
    # rejected by selection
    "not_an_item": "a Wikidata property or lexeme",
    "not_selected": "the core selection does not name the article",
    "not_reached": "expansion did not reach the article",
    "over_budget": "expansion reached the article after its budget was spent",
    "excluded_class": "a disambiguation, list, category or template item",
    "stub": "fewer words than expansion asks for",
    "over_articles_limit": "beyond articles_limit",
    # rejected by the splitter
    "no_passage": "no passage of the article lies in the length band",
    # rejected by the holdout
    "held_out": "the section is kept out for evaluation",
    # rejected by planning
    "over_limit": "beyond tasks.limit",
    "over_token_budget": "beyond the method's tokens in tasks.budget",
    "language_not_asked": "the job's languages leave it out",
    "unsupported_language": "no method of the job, or not its engine, can serve the language",
    "not_drawn": "fewer tasks than passages are asked for, and none fell on this one; or what fell "
    "on it was of a method that cannot serve its language",
    # rejected by generation
    "unsupported_request": "the engine cannot do what the method asks",
    "nothing_to_ask": "the seed has nothing that the engine can ask about",
    "malformed_answer": "the model's answer does not parse",
    "context_too_long": "the request does not fit the model's context, nor does its shorter form",
    "query_names_source": "the query speaks of the text, or quotes its title and section",
    "query_language": "the query is not in the task's language",
    "answer_language": "the answer is not in the task's language",
    "answer_not_entailed": "names, numbers or dates of the answer are in no source",
    "answered_as_positive": "a negative, absurd or ambiguous query is answered as if positive",
    "trace_grammar": "the trace does not parse",
    "trace_language": "the trace is not in English",
    "trace_length": "the trace is empty or outside its length band",
    "trace_longer_than_prose": "the trace is no shorter than its prose equivalent",
    "trace_leaks_source": "the trace mentions inputs that the reader does not see",
    "trace_early_answer": "the answer stands in the trace before 40% of its length",
    "trace_misses_answer": "the trace's conclusion holds nothing of the answer's core",
    "trace_unsupported": "the trace states facts that are in no source and not in the query",
    "trace_arithmetic": "an arithmetic step of the trace is false",
    "citation_unknown": "a cited source was not given",
    "citation_not_quoted": "a quotation is not in the cited source",
    "citation_missing": "an answerable query is answered without a citation",
    "citation_distractor": "a distractor is cited for the key claim",
    "source_order": "the nearest sources do not stand at both ends",
    "no_abstention": "the source is withheld and the answer does not abstain",
    "mcq_options": "the options are not four of one kind and length, none within another",
    "mcq_key": "the key is not the answer, or another option answers, too",
    "no_instance": "no values of the problem's template meet its conditions within the tries",
    "query_changes_problem": "the worded problem does not hold the problem's own numbers",
    "answer_wrong": "the final answer is not the problem's value",
    "edit_not_offered": "the chosen task is none of those offered",
    "edit_incomplete": "an error that was put into the text is still there",
    "edit_elsewhere": "the text is changed where nothing was wrong",
    "edit_loses_facts": "names or numbers of the text are missing, or new ones stand in its place",
    "edit_not_done": "the result is not what the chosen task asks for",
    "extract_not_span": "an extracted value does not stand in the text",
    "extract_schema": "the extracted object does not fit its schema",
    "query_misses_constraint": "the query does not state what the text has to keep",
    "constraint_violated": "the text breaks a constraint that it was asked to keep",
    "constraint_trivial": "ordinary text of that length would keep the constraint by chance",
    "seed_unused": "the text takes nothing up from its seed",
    "turn_roles": "the turns do not alternate, or one is empty",
    "parent_changed": "the first exchange is not the parent's, word for word",
    "turn_repeats": "a turn repeats an earlier one",
    "turn_unlinked": "no later turn leans on what was said before",
    "row_altered": "the parts of a written row do not agree with each other",
    "judge_rejects": "the judge finds that the answer does not fit",
    "judge_disagrees": "the judge changes its mind with the order of what it compares",
    # rejected by later stages
    "not_novel": "an earlier record of its kind says nearly the same",
    "not_written": "a step to other records, which the job does not ask to be written",
    "exact_duplicate": "another sample has the same normalised text",
    "near_duplicate": "another sample of the cluster is kept",
}

"""Pools of names for templates: nominative subjects, known in all languages, without articles."""

from __future__ import annotations

POOLS: dict[str, tuple[str, ...]] = {
    "people": (
        "Adam", "Anna", "Boris", "Clara", "Clemens", "Diana", "Emma", "Felix", "Helena", "Irena",
        "Julia", "Laura", "Leo", "Lidia", "Livia", "Lucas", "Marcus", "Maria", "Marina", "Martin",
        "Max", "Nina", "Nora", "Oscar", "Paula", "Petra", "Robert", "Roman", "Sara", "Silvia",
        "Sofia", "Stella", "Thomas", "Tina", "Valeria", "Vera", "Victor", "Victoria",
    ),
}  # fmt: skip

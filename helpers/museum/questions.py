"""What one can ask of a loop that was run, each with an answer that was measured.

With this module one can
- list the questions (QUESTIONS: name -> (question, function of a Run)),
- ask one of them (ask).

The doctor looks at values in the first 12 steps only; so do the answers.
"""

from helpers.museum import answers_links as links
from helpers.museum import answers_numbers as numbers


def ask(run, name):
    """The answer to a question, as text.

    Args:
        run: a `helpers.museum.runs.Run`.
        name: str, a key of `QUESTIONS`.
    """
    return QUESTIONS[name][1](run)


QUESTIONS = {
    "calls": ("How often was each call made?", links.calls),
    "order": ("In which order, and in which lines?", links.order),
    "found": ("What did the steps find in .grad?", links.found),
    "norm": ("How did the gradient's length change?", links.norm),
    "moved": ("Which parameters moved (by shape)?", links.moved),
    "reached": ("Which parameters have a gradient (by shape)?", links.reached),
    "owners": ("Whose parameters does the optimizer hold?", links.owners),
    "rates": ("Which rates did the steps use?", numbers.rates),
    "modes": ("In which mode was the model?", numbers.modes),
    "update": ("How long were the steps?", numbers.update),
    "loss_input": ("Which values went into the loss?", numbers.loss_input),
    "shapes": ("Which shapes were compared?", numbers.shapes),
    "finite": ("When was the first number not finite?", numbers.finite),
    "end": ("How did the loop end?", numbers.end),
    "nodes": ("How many nodes did backward() walk through?", numbers.nodes),
    "dead": ("How many ReLUs gave 0 for every sample?", numbers.dead),
    "zeros": ("How many gradients in half precision are 0?", numbers.zeros),
    "made": ("How many optimizers were made?", numbers.made),
    "batches": ("How many classes are in each batch?", numbers.batches),
    "fed": ("What was the scheduler told?", numbers.fed),
    "warned": ("Did PyTorch warn?", numbers.warned),
}

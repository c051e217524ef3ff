"""The loop as a whole: training, and checkpoints that go on to the same bits.

With this module one can
- train a model, of torch's or ours, and measure it (helpers.loop.train),
- save a run and go on with it (helpers.loop.checkpoint).

It needs torch and tqdm, and takes models, optimizers and schedulers of any engine.
"""

"""Libraries that wrap optimizers, run with torch's and with ours: the same end.

They are no dependencies: `pip install -e ".[libraries]"` installs them. A test whose
library is missing, or can't be imported, is skipped and says so.
"""

import importlib
import logging

import pytest
import torch

from tests.engines import raw, warnings_of
from tests.optim.optimizers import METHODS, WORLDS
from tests.optim.test_services_of_torch import net, train

ON_PARAMETERS = WORLDS[:2]
NAMES = pytest.mark.parametrize("method", METHODS)
INPUTS = torch.linspace(-1, 1, 16).reshape(8, 2)
pytestmark = pytest.mark.filterwarnings("ignore")  # the libraries' own


def library(name):
    """A module that need not be installed, or a skipped test."""
    try:
        return importlib.import_module(name)
    except Exception as error:
        pytest.skip(f"{name} can't be imported: {type(error).__name__}: {error}")


def assert_same_end(run):
    """Assert that a run ends at the same numbers with torch's optimizers and ours."""
    there, ours = [torch.cat([raw(p).flatten() for p in run(w)]) for w in ON_PARAMETERS]
    torch.testing.assert_close(ours, there, rtol=1e-5, atol=1e-6)


def batches(inputs=INPUTS):
    return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(inputs), 4)


def loss_of(model, batch):
    return (model(batch) - batch[:, :1]).square().mean()


@NAMES
def test_accelerate(method, tmp_path):
    """Gradients accumulated and clipped, a schedule, state saved and loaded."""
    accelerate = library("accelerate")

    def run(world):
        accelerate.state.AcceleratorState._reset_state(True)
        accelerator = accelerate.Accelerator(cpu=True, gradient_accumulation_steps=2)
        model = net()
        optimizer = world.make(method, model.parameters(), lr=0.1)
        schedule = torch.optim.lr_scheduler.StepLR(optimizer, 2, 0.5)
        parts = accelerator.prepare(model, optimizer, batches(), schedule)
        folder = str(tmp_path / world.name)
        for epoch in range(4):
            accelerated_epoch(accelerator, *parts)
            if epoch == 1:
                accelerator.save_state(folder)
        accelerator.load_state(folder)
        accelerated_epoch(accelerator, *parts)
        return model.parameters()

    assert_same_end(run)


def accelerated_epoch(accelerator, model, optimizer, loader, schedule):
    for (batch,) in loader:
        with accelerator.accumulate(model):
            accelerator.backward(loss_of(model, batch))
            accelerator.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()


def lightning_module(lightning, world, method, automatic):
    """A LightningModule, which steps by itself unless Lightning does."""

    class Module(lightning.LightningModule):
        def __init__(self):
            super().__init__()
            self.net = net()
            self.automatic_optimization = automatic

        def training_step(self, batch, _):
            loss = loss_of(self.net, batch[0])
            if not automatic:
                optimizer = self.optimizers()
                optimizer.zero_grad()
                self.manual_backward(loss)
                optimizer.step()
            return loss

        def configure_optimizers(self):
            return world.make(method, self.parameters(), lr=0.1)

    return Module()


@NAMES
@pytest.mark.parametrize("automatic", [True, False], ids=["automatic", "manual"])
def test_lightning(method, automatic, tmp_path):
    """A fit, and another one resumed from its checkpoint; no warning of ours."""
    library("lightning.fabric")
    lightning = library("lightning.pytorch")
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    quiet = {"logger": False, "enable_progress_bar": False, "accelerator": "cpu"}
    quiet |= {"enable_model_summary": False, "default_root_dir": tmp_path}
    quiet |= {"enable_checkpointing": False}

    def run(world):
        module = lightning_module(lightning, world, method, automatic)
        trainer = lightning.Trainer(max_epochs=2, **quiet)
        words = warnings_of(lambda: trainer.fit(module, batches()))
        assert not [each for each in words if "closure" in each]
        path = tmp_path / f"{world.name}.ckpt"
        trainer.save_checkpoint(path)
        module = lightning_module(lightning, world, method, automatic)
        trainer = lightning.Trainer(max_epochs=4, **quiet)
        trainer.fit(module, batches(), ckpt_path=path, weights_only=False)
        return module.parameters()

    assert_same_end(run)


def test_lightning_calls_lbfgs_with_its_closure(tmp_path):
    library("lightning.fabric")
    lightning = library("lightning.pytorch")
    quiet = {"logger": False, "enable_progress_bar": False, "accelerator": "cpu"}
    quiet |= {"enable_model_summary": False, "enable_checkpointing": False}

    def run(world):
        module = lightning_module(lightning, world, "LBFGS", automatic=True).double()
        trainer = lightning.Trainer(max_epochs=2, default_root_dir=tmp_path, **quiet)
        trainer.fit(module, batches(INPUTS.double()))
        return module.parameters()

    assert_same_end(run)


@NAMES
def test_transformers_trainer_and_schedule(method, tmp_path):
    """A tiny random model, trained, saved and resumed by the Trainer."""
    transformers = library("transformers")
    library("accelerate")
    try:
        trainer_of = transformers.Trainer
    except Exception as error:
        pytest.skip(f"transformers has no Trainer here: {error}")
    config = transformers.GPT2Config(
        vocab_size=11, n_positions=8, n_embd=8, n_layer=1, n_head=2,
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0,
    )  # fmt: skip
    rows = [torch.arange(8).add(shift) % 11 for shift in range(8)]
    data = [{"input_ids": row, "labels": row} for row in rows]

    def trainer(world, steps, folder):
        torch.manual_seed(0)
        model = transformers.GPT2LMHeadModel(config)
        optimizer = world.make(method, model.parameters(), lr=0.01)
        schedule = transformers.get_cosine_schedule_with_warmup(optimizer, 2, 8)
        arguments = transformers.TrainingArguments(
            output_dir=folder, max_steps=steps, per_device_train_batch_size=4,
            use_cpu=True, report_to=[], save_steps=3, disable_tqdm=True, seed=1,
        )  # fmt: skip
        pair = optimizer, schedule
        return trainer_of(model, arguments, train_dataset=data, optimizers=pair)

    def run(world):
        folder = str(tmp_path / world.name)
        trainer(world, 3, folder).train()
        resumed = trainer(world, 6, folder)
        resumed.train(resume_from_checkpoint=True)
        return resumed.model.parameters()

    assert_same_end(run)


@NAMES
def test_timm_lookahead_and_schedule(method):
    optim = library("timm.optim")
    scheduler = library("timm.scheduler")

    def run(world):
        model = net()

        def wrapped(model):
            inner = world.make(method, model.parameters(), lr=0.05)
            return optim.Lookahead(inner, 0.5, 2)

        optimizer = wrapped(model)
        schedule = scheduler.CosineLRScheduler(optimizer, 6, warmup_t=2)
        for epoch in range(3):
            schedule.step(epoch)
            train(model, optimizer)
        other = net()
        other.load_state_dict(model.state_dict())
        taker = wrapped(other)
        taker.load_state_dict(optimizer.state_dict())
        train(other, taker)
        return other.parameters()

    assert_same_end(run)


@NAMES
def test_safetensors(method, tmp_path):
    """The weights, and the tensors of the state, each whole."""
    safetensors = library("safetensors.torch")

    def run(world):
        model = net()
        optimizer = world.make(method, model.parameters(), lr=0.1)
        train(model, optimizer)
        path = tmp_path / world.name
        safetensors.save_model(model, f"{path}.model")
        tensors = {
            f"{place}.{name}": value
            for place, state in optimizer.state_dict()["state"].items()
            for name, value in state.items()
        }
        safetensors.save_file(tensors, f"{path}.state")
        other = net()
        safetensors.load_model(other, f"{path}.model")
        return [*other.parameters(), *safetensors.load_file(f"{path}.state").values()]

    assert_same_end(run)


def test_schedulefree_wrapper():
    schedulefree = library("schedulefree")

    def run(world):
        model = net()
        inner = world.make("SGD", model.parameters(), lr=0.1)
        optimizer = schedulefree.ScheduleFreeWrapper(inner, momentum=0.9)
        optimizer.train()
        train(model, optimizer)
        optimizer.eval()
        optimizer.load_state_dict(optimizer.state_dict())
        optimizer.train()
        train(model, optimizer)
        return model.parameters()

    assert_same_end(run)


@pytest.mark.parametrize("way", [{"foreach": False}, {"foreach": True}, {}], ids=str)
def test_hydra_and_omegaconf(way):
    """A class by its path, a list of the configuration as betas, numbers in groups."""
    hydra, omegaconf = library("hydra.utils"), library("omegaconf")

    def run(world):
        model = net()
        path = "torch.optim.Adam" if world is WORLDS[0] else "helpers.optim.Adam"
        options = {"_target_": path, "lr": 0.1, "betas": [0.9, 0.99], **way}
        config = omegaconf.OmegaConf.create(options)
        optimizer = hydra.instantiate(config, params=list(model.parameters()))
        optimizer.param_groups[0]["betas"] = config.betas
        train(model, optimizer)
        optimizer.load_state_dict(optimizer.state_dict())
        train(model, optimizer)
        return model.parameters()

    assert_same_end(run)

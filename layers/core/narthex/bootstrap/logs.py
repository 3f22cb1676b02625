"""One JSON log for a function: Powertools' format, our package's lines, one correlation id."""

from __future__ import annotations

import logging

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.utils import copy_config_to_registered_loggers


def make_logger() -> Logger:
    """The function's logger; what `narthex` logs goes the same way. Events hold secrets: never log one."""
    logger = Logger()
    copy_config_to_registered_loggers(source_logger=logger, include={"narthex"})
    logging.getLogger("narthex").setLevel(logger.log_level)
    return logger

"""What is wrong with how a command was called, in the language of the other sentences.

The library says it in English; its classes and parameters tell the same.
"""

import re

import click


def sentence_of(error: click.ClickException) -> str:
    """Return one or two sentences; a sentence that is ours already stays as it is."""
    if isinstance(error, click.NoSuchOption | click.exceptions.NoSuchCommand):
        name = (
            f"Opsi {error.option_name}"
            if isinstance(error, click.NoSuchOption)
            else f"Perintah {error.command_name}"
        )
        return f"{name} tidak dikenal.{_meant(error.possibilities)}"
    if isinstance(error, click.MissingParameter):
        return f"{_name(error)} belum ditulis.{_choices(error)}"
    if isinstance(error, click.BadParameter):
        told = _wanted(error)
        return f"{_name(error)}: {told or error.message}"
    if isinstance(error, click.BadOptionUsage):
        return f"Opsi {error.option_name} tidak memuat nilai yang benar; lihat --help."
    if extra := re.search(r"unexpected extra arguments? \((.*)\)", error.message):
        return f"Berlebih: {extra[1]}. Lihat --help."
    return error.format_message()


def usage_of(ctx: click.Context) -> str:
    """Return the line of how the command is written."""
    return ctx.get_usage().replace("Usage: ", "Cara pakai: ", 1)


def _meant(possibilities: "list[str] | tuple[str, ...] | None") -> str:
    if not possibilities:
        return " Lihat --help."
    return f" Mungkin maksud Anda {' atau '.join(sorted(possibilities))}?"


def _name(error: click.BadParameter) -> str:
    hint = error.param_hint
    if hint is None and error.param is not None:
        is_option = error.param.param_type_name == "option"
        hint = error.param.opts[0] if is_option else error.param.human_readable_name
    return hint if isinstance(hint, str) else " / ".join(hint or ())


def _choices(error: click.BadParameter) -> str:
    kind = error.param.type if error.param else None
    return f" Pilih {_any_of(kind)}." if isinstance(kind, click.Choice) else ""


def _any_of(kind: "click.Choice[str]") -> str:
    return " atau ".join(map(str, kind.choices))


def _wanted(error: click.BadParameter) -> str:
    """What the parameter takes, where the sentence is the library's own; else nothing."""
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice) and "is not one of" in error.message:
        return f"pilih {_any_of(kind)}."
    if not re.search(r"is not (a valid|in the range)|does not exist", error.message):
        return ""
    if isinstance(kind, click.IntRange | click.FloatRange):
        least = "" if kind.min is None else f" paling kecil {kind.min}"
        most = "" if kind.max is None else f" paling besar {kind.max}"
        return f"tulis bilangan{' dan'.join(filter(None, (least, most)))}."
    if isinstance(kind, click.types.IntParamType):
        return "tulis bilangan bulat."
    if isinstance(kind, click.DateTime):
        return "tulis tanggal, misalnya 2026-11-28."
    return ""

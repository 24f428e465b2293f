using System.Globalization;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;

namespace Outbox.Embedded.MongoDb.Language.Expressions.Dates;

/// <summary>A text read by a format: what is no specifier must be there as it is.</summary>
internal sealed class DatePattern(string text)
{
    private const string Specifiers = "dGHLmMSuVYzZ%";

    private readonly DateBuilder _date = new(text);
    private int _at;

    public static void Check(BsonString format)
    {
        for (var i = 0; i < format.Value.Length; i++)
        {
            if (format.Value[i] != '%')
            {
                continue;
            }

            if (++i == format.Value.Length)
            {
                throw MongoError.Location(18535, "Unmatched '%' at end of format string");
            }

            if (!Specifiers.Contains(format.Value[i], StringComparison.Ordinal))
            {
                throw MongoError.Location(18536, $"Invalid format character '%{format.Value[i]}' in format string");
            }
        }
    }

    public static DateRead Read(string text, string format) => new DatePattern(text).Read(format);

    private DateRead Read(string format)
    {
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] == '%' && format[++i] != '%')
            {
                Take(format[i]);
            }
            else if (_at < text.Length && text[_at] == format[i])
            {
                _at++;
            }
            else
            {
                throw DateBuilder.Unreadable(text, _at < text.Length ? $"'{format[i]}' was expected at {_at}" : "not enough data available to satisfy format");
            }
        }

        return _at == text.Length ? _date.Build() : throw DateBuilder.Unreadable(text, $"trailing data at {_at}");
    }

    private void Take(char part)
    {
        switch (part)
        {
            case 'Y': _date.Year = Number(4); break;
            case 'm': _date.Month = Number(2); break;
            case 'd': _date.Day = Number(2); break;
            case 'H': _date.Hour = Number(2); break;
            case 'M': _date.Minute = Number(2, exactly: true); break;
            case 'S': _date.Second = Number(2, exactly: true); break;
            case 'L': _date.Milliseconds = Fraction(); break;
            case 'G': _date.WeekYear = Number(4); break;
            case 'V': _date.Week = Number(2); break;
            case 'u': _date.WeekDay = Number(1); break;
            case 'z': _date.Offset = Zone(); break;
            default: _date.Offset = Minutes(); break;
        }
    }

    private string Digits(int most)
    {
        var start = _at;
        while (_at < text.Length && _at - start < most && char.IsAsciiDigit(text[_at]))
        {
            _at++;
        }

        return text[start.._at];
    }

    private int Number(int digits, bool exactly = false) => Digits(digits) is { Length: > 0 } found && (!exactly || found.Length == digits)
        ? int.Parse(found, CultureInfo.InvariantCulture) : throw Missing($"a number of {digits} digits");

    /// <summary>As a decimal fraction has it: "5" is half a second.</summary>
    private int Fraction() => Digits(3) is { Length: > 0 } found
        ? int.Parse(found.PadRight(3, '0'), CultureInfo.InvariantCulture) : throw Missing("a number of milliseconds");

    private TimeSpan Zone()
    {
        if (_at < text.Length && text[_at] is 'Z')
        {
            _at++;
            return TimeSpan.Zero;
        }

        var start = Sign();
        var hours = Digits(2);
        _at += _at < text.Length && text[_at] == ':' ? 1 : 0;
        var minutes = Digits(2);
        return hours.Length == 2 && minutes.Length is 0 or 2 ? DateBuilder.OffsetOf(text[start] + hours + minutes) : throw Missing("a time zone");
    }

    private TimeSpan Minutes()
    {
        var sign = text[Sign()] == '-' ? -1 : 1;
        return TimeSpan.FromMinutes(sign * Number(4));
    }

    private int Sign() => _at < text.Length && text[_at] is '+' or '-' ? _at++ : throw Missing("a sign");

    private MongoError Missing(string what) => DateBuilder.Unreadable(text, $"{what} was expected at {_at}");
}

using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Outbox.Messages;

namespace Outbox.Kafka.Formats.Wire;

/// <summary>Values as they are written and read in every format.</summary>
internal static class WireText
{
    /// <summary>The media type of what is not text.</summary>
    public const string Binary = "application/octet-stream";

    private const int ShownOfAValue = 100;

    private static readonly byte[] Event = "event"u8.ToArray();
    private static readonly byte[] Command = "command"u8.ToArray();
    private static readonly byte[] Query = "query"u8.ToArray();

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] Bytes(long number) => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    public static byte[] Bytes(MessageIntent intent) => intent switch
    {
        MessageIntent.Command => Command,
        MessageIntent.Query => Query,
        _ => Event,
    };

    public static string Name(MessageIntent intent) => intent switch
    {
        MessageIntent.Command => "command",
        MessageIntent.Query => "query",
        _ => "event",
    };

    public static MessageIntent? Intent(string? name, string place) => name switch
    {
        null => null,
        "event" => MessageIntent.Event,
        "command" => MessageIntent.Command,
        "query" => MessageIntent.Query,
        _ => throw new UnreadableMessageException($"The {place} is '{Short(name)}', which is no intent: event, command or query."),
    };

    public static long Version(string text, string place) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0
            ? version
            : throw new UnreadableMessageException($"The {place} is '{Short(text)}', not a positive whole number.");

    public static int SchemaVersion(string text, string place) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0
            ? version
            : throw new UnreadableMessageException($"The {place} is '{Short(text)}', not a positive whole number.");

    /// <summary>A record's time, which its producer may set to anything; <see langword="null"/> where it is none.</summary>
    public static DateTimeOffset? Time(Timestamp timestamp)
    {
        const long last = 253_402_300_799_999;
        const long first = -62_135_596_800_000;
        return timestamp.Type == TimestampType.NotAvailable || timestamp.UnixTimestampMs is < first or > last
            ? null
            : DateTimeOffset.FromUnixTimeMilliseconds(timestamp.UnixTimestampMs);
    }

    /// <summary>The beginning of a text that may be long, never half a character.</summary>
    public static string Short(string text, int length = ShownOfAValue)
    {
        if (text.Length <= length)
        {
            return text;
        }

        return text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)] + "…";
    }

    /// <summary>For logs and consoles: nothing that ends a line, moves the cursor, turns the direction of writing or is half a character.</summary>
    public static string Clean(string text)
    {
        var clean = -1;
        for (var i = 0; i < text.Length && clean < 0; i++)
        {
            if (IsPair(text, i))
            {
                i++;
            }
            else if (IsUnclean(text[i]))
            {
                clean = i;
            }
        }

        return clean < 0 ? text : Escaped(text, clean);
    }

    private static string Escaped(string text, int clean)
    {
        var cleaned = new StringBuilder(text, 0, clean, text.Length + 64);
        for (var i = clean; i < text.Length; i++)
        {
            if (IsPair(text, i))
            {
                cleaned.Append(text, i++, 2);
            }
            else if (IsUnclean(text[i]))
            {
                cleaned.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:X4}");
            }
            else
            {
                cleaned.Append(text[i]);
            }
        }

        return cleaned.ToString();
    }

    private static bool IsPair(string text, int at) => at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]);

    private static bool IsUnclean(char c) =>
        c < ' ' || (c >= '\u007F' && char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);
}

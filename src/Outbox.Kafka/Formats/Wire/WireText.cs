using System.Globalization;
using System.Text;
using Outbox.Messages;

namespace Outbox.Kafka.Formats.Wire;

/// <summary>Values as they are written and read in every format.</summary>
internal static class WireText
{
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

    public static string Utf8(byte[]? bytes, string place)
    {
        try
        {
            return bytes is null ? "" : new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw new UnreadableMessageException($"The {place} is not UTF-8 text.", error);
        }
    }

    /// <summary>As much of others' text as errors and log lines show of it, on one line.</summary>
    public static string Short(string text, int length = ShownOfAValue)
    {
        var shown = text.Length <= length ? text : text[..length] + "…";
        return shown.Any(char.IsControl) ? string.Concat(shown.Select(x => char.IsControl(x) ? '\uFFFD' : x)) : shown;
    }
}

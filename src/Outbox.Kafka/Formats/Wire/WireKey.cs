using System.Text;

namespace Outbox.Kafka.Formats.Wire;

/// <summary>
/// A Kafka key as an entity id, which is text. Other producers have keys that are not (Avro, numbers, binary UUIDs): those are written in hexadecimal digits after
/// <c>bytes:</c>, so that each has an id of its own.
/// </summary>
internal static class WireKey
{
    private const string Prefix = "bytes:";

    // As many as an id may have characters, in the most bytes that a character has.
    private const int MostBytes = WireLimits.Id * 4;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Text(byte[]? key)
    {
        if (key is null)
        {
            return "";
        }

        if (key.Length > MostBytes)
        {
            throw new UnreadableMessageException($"The key, which is the entity's id, has {key.Length} bytes, and at most {MostBytes} are read.");
        }

        try
        {
            var text = Strict.GetString(key);
            return text.Contains('\0', StringComparison.Ordinal) ? Hex(key) : text;
        }
        catch (DecoderFallbackException)
        {
            return Hex(key);
        }
    }

    private static string Hex(byte[] key) => Prefix + Convert.ToHexStringLower(key);
}

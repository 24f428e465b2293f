using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Outbox.Messages.Payloads;

/// <summary>Writes payloads, and makes sure that what was written can be read again: converters may write anything.</summary>
internal static class PayloadJson
{
    private const int Deepest = 1_000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly ConditionalWeakTable<JsonSerializerOptions, JsonSerializerOptions> Written = [];

    /// <exception cref="JsonException">What the type's converters wrote is no JSON value.</exception>
    /// <exception cref="ArgumentException">A text cannot be expressed in UTF-8.</exception>
    public static string Write(object message, Type type, JsonSerializerOptions json)
    {
        var options = json.Encoder is null ? AsItIs(json) : json;
        var utf8 = JsonSerializer.SerializeToUtf8Bytes(message, type, options);
        Check(utf8);
        if (!ReferenceEquals(options.Encoder, PayloadEncoder.Instance) && MayHaveReplaced(utf8))
        {
            // An encoder of the user's has written U+FFFD: a character that was there, or half of one that is lost. This throws for the second.
            _ = JsonSerializer.SerializeToUtf8Bytes(message, type, AsItIs(json));
        }

        return Strict.GetString(utf8);
    }

    private static JsonSerializerOptions AsItIs(JsonSerializerOptions json) =>
        Written.GetValue(json, static given => new JsonSerializerOptions(given) { Encoder = PayloadEncoder.Instance });

    private static bool MayHaveReplaced(ReadOnlySpan<byte> utf8) =>
        utf8.IndexOf("\uFFFD"u8) >= 0 || utf8.IndexOf("\\uFFFD"u8) >= 0 || utf8.IndexOf("\\ufffd"u8) >= 0;

    private static void Check(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            throw new JsonException("its JSON is empty: a converter has written nothing");
        }

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = Deepest });
        if (reader.Read() && reader.TokenType == JsonTokenType.Null)
        {
            throw new JsonException("its JSON is null, of which a consumer can make no message. To say that the entity is gone, use tx.PublishTombstone");
        }

        while (reader.Read())
        {
        }
    }
}

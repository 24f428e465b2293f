using System.Text;
using Outbox.Delivery.Operations;
using Outbox.Inbox.Operations;
using Outbox.Operations.Redacting;

namespace Outbox.Dashboard.Api.Parked;

/// <summary>What people may see of a message's payload and headers.</summary>
/// <param name="IsRedacted">Whether the payload is other than what is stored.</param>
/// <param name="Headers">The headers, in their order; a name may come twice.</param>
internal sealed record ParkedContent(bool IsRedacted, IReadOnlyList<ParkedContent.Header> Headers)
{
    /// <summary>The payload, as text. Bytes that are no text are told in Base64, after <c>base64:</c>. A tombstone has none.</summary>
    public string? Payload { get; init; }

    /// <summary>The size of a payload that was too large to be stored.</summary>
    public long? OmittedBytes { get; init; }

    public static ParkedContent Of(ParkedOutboxMessage parked, Redaction redaction)
    {
        var (message, text) = (parked.Message, parked.Document ?? parked.Message.Payload);
        var shown = text is null ? null : redaction.Payload(message.Type, message.Topic, text);
        return new ParkedContent(shown?.IsRedacted == true, [.. message.Headers.Select(header => Shown(redaction, message.Type, message.Topic, header.Key, header.Value))]) { Payload = shown?.Text };
    }

    public static ParkedContent Of(ParkedInboxMessage parked, Redaction redaction)
    {
        var (message, text) = (parked.Message, parked.Payload ?? Text(parked.Message.Value));
        var shown = text is null ? null : redaction.Payload(message.Type, message.Topic, text);
        return new ParkedContent(shown?.IsRedacted == true, [.. message.Headers.Select(header => Shown(redaction, message.Type, message.Topic, header.Key, Text(header.Value)))])
        {
            Payload = shown?.Text,
            OmittedBytes = message.Omitted?.Size,
        };
    }

    /// <summary>What there is to download: what is stored, byte for byte, unless something of it may not be seen.</summary>
    public byte[] Raw(byte[]? stored) => IsRedacted || stored is null ? Encoding.UTF8.GetBytes(Payload ?? "") : stored;

    private static Header Shown(Redaction redaction, string? type, string topic, string name, string? value)
    {
        var shown = value is null ? null : redaction.Header(type, topic, name, value);
        return new Header(name, shown?.IsRedacted == true) { Value = shown?.Text };
    }

    private static string? Text(byte[]? bytes)
    {
        try
        {
            return bytes is null ? null : new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (ArgumentException)
        {
            return $"base64:{Convert.ToBase64String(bytes!)}";
        }
    }

    /// <summary>A header.</summary>
    internal sealed record Header(string Name, bool IsRedacted)
    {
        public string? Value { get; init; }
    }
}

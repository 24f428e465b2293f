using System.Text;
using System.Text.Json;
using Outbox.Messages;
using Outbox.Payloads;

namespace Outbox.Operations.Failures;

/// <summary>What another payload of a parked message must be.</summary>
internal static class PayloadEdit
{
    /// <summary>Gives a message of the outbox another payload, which has gone through nothing yet.</summary>
    public static OutboxMessage Apply(OutboxMessage message, string payload) => message with
    {
        Payload = payload,
        Claim = null,
        Headers = message.Claim is null ? message.Headers : message.Headers.Where(header => !header.Key.StartsWith(PayloadContext.HeaderPrefix, StringComparison.Ordinal)).ToDictionary(),
    };

    /// <exception cref="OutboxException">Nobody may edit here, or it is not one.</exception>
    public static void Check(string payload, OutboxOptions options)
    {
        ArgumentNullException.ThrowIfNull(payload);
        if (!options.AllowEdit)
        {
            throw new OutboxException("Parked messages may not be edited here. Set Outbox:AllowEdit to true where they may.");
        }

        if (Encoding.UTF8.GetByteCount(payload) is var size && size > options.MaxPayloadBytes)
        {
            throw new OutboxException($"The payload has {size} bytes, and {options.MaxPayloadBytes} are allowed (Outbox:MaxPayloadBytes).");
        }

        try
        {
            using var _ = JsonDocument.Parse(payload);
        }
        catch (JsonException error)
        {
            throw new OutboxException($"The payload is not JSON: {error.Message}", error);
        }
    }
}

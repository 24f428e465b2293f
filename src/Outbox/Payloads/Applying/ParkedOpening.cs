using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Outbox.Inbox;
using Outbox.Inbox.Operations;
using Outbox.Messages;
using Outbox.Payloads.Chain;

namespace Outbox.Payloads.Applying;

/// <summary>Shows a person what a parked message says whose payload has gone through transforms, where this process has the keys and stores for it. Nothing is stored of it.</summary>
internal sealed class ParkedOpening(PayloadChain chain, IOptions<PayloadOptions> options, IEnumerable<ITopicNames> names)
{
    public async ValueTask<ParkedInboxMessage> OpenAsync(ParkedInboxMessage parked, CancellationToken cancellationToken)
    {
        if (ParkedPayload.EncodingOf(parked.Message) is not { } encoding || parked.Message is not { MessageId: not null, EntityId: not null, Type: not null, Value: not null } message)
        {
            return parked;
        }

        try
        {
            var payload = await chain.DecodeAsync(ParkedPayload.BytesOf(message), encoding, ContextOf(message), cancellationToken).ConfigureAwait(false);
            return parked with { Payload = Encoding.UTF8.GetString(payload.Span) };
        }
        catch (Exception error) when (error is PayloadException or PayloadUnavailableException or JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            // It is shown as it came, with the error that it was parked for.
            return parked;
        }
    }

    private PayloadContext ContextOf(ParkedMessage message) => new()
    {
        Topic = names.FirstOrDefault()?.Registered(message.Topic) ?? message.Topic,
        MessageId = message.MessageId!,
        Type = message.Type!,
        EntityType = message.EntityType ?? "",
        EntityId = message.EntityId!,
        Version = message.Version ?? 0,
        SchemaVersion = ParkedPayload.SchemaVersionOf(message),
        MaxBytes = options.Value.MaxBytes,
        Headers = message.Headers.Where(header => header.Key.StartsWith(PayloadContext.HeaderPrefix, StringComparison.Ordinal) && header.Value is not null)
            .DistinctBy(header => header.Key).ToDictionary(header => header.Key, header => Encoding.UTF8.GetString(header.Value!), StringComparer.Ordinal),
    };
}

using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Way;
using Outbox.Messages;
using Outbox.Payloads;
using Outbox.Payloads.Chain;
using Outbox.Payloads.Claims;

namespace Outbox.Kafka.Inbox.Opening;

/// <summary>Changes payloads back as their records say, whatever this service is told of the topic: a topic may have records of before a change and after it.</summary>
internal sealed class RecordPayloads(PayloadChain chain, UnknownKeys unknown, int maxBytes, string topicPrefix)
{
    public bool Concern(IReadOnlyList<Passage> messages)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            if (Concern(messages[i]))
            {
                return true;
            }
        }

        return false;
    }

    public static bool Concern(Passage message) => message.Record.Headers.IsEncoded;

    /// <summary>The payload as it was captured.</summary>
    /// <param name="message">The message.</param>
    /// <param name="envelope">What was read of it; its payload is what came.</param>
    /// <exception cref="PayloadUnavailableException">A key or a store cannot be had now: the endpoint waits.</exception>
    /// <exception cref="PayloadException">It can never be done.</exception>
    /// <exception cref="UnreadableMessageException">A header is malformed.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> OpenAsync(Passage message, Envelope envelope)
    {
        var encoding = message.Record.Headers.Require(MessageHeaders.PayloadEncoding);
        var payload = envelope.Payload ?? ReadOnlyMemory<byte>.Empty;
        if (EncodingNames.Split(encoding)[^1] == ClaimTransform.TransformName)
        {
            message.Claim = ClaimReference.Parse(payload.Span).Id;
        }

        try
        {
            var context = ContextOf(message, envelope);
            var opened = await chain.DecodeAsync(payload, encoding, context, message.Lifetime.Abandoned).ConfigureAwait(false);
            if (context.Headers.TryGetValue(MessageHeaders.PayloadKey, out var key))
            {
                unknown.Found(key);
            }

            return opened;
        }
        catch (PayloadUnavailableException error) when (error.UnknownKey is { } missing && unknown.IsGivenUp(missing))
        {
            throw new PayloadException($"The payload of message {envelope.MessageId} was waited for in vain: {error.Message}", error);
        }
    }

    private PayloadContext ContextOf(Passage message, Envelope envelope) => new()
    {
        Topic = message.Record.Topic.StartsWith(topicPrefix, StringComparison.Ordinal) ? message.Record.Topic[topicPrefix.Length..] : message.Record.Topic,
        MessageId = envelope.MessageId,
        Type = envelope.Type,
        EntityType = envelope.EntityType,
        EntityId = envelope.EntityId,
        Version = envelope.Version ?? 0,
        SchemaVersion = envelope.SchemaVersion,
        MaxBytes = maxBytes,
        Headers = HeadersOf(message.Record.Headers),
    };

    private static Dictionary<string, string> HeadersOf(WireHeaders headers)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, _) in headers.All())
        {
            if (name.StartsWith(PayloadContext.HeaderPrefix, StringComparison.Ordinal) && headers.Find(name) is { } value)
            {
                found[name] = value;
            }
        }

        return found;
    }
}

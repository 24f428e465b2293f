using System.Text;
using Microsoft.Extensions.Options;
using Outbox.Messages;

namespace Outbox.Payloads.Chain;

/// <summary>Applies transforms one after the other, and undoes them in the other direction.</summary>
internal sealed class PayloadChain(IEnumerable<IPayloadTransform> transforms, TopicTransforms topics, IOptions<PayloadOptions> options)
{
    private readonly Dictionary<string, IPayloadTransform> _transforms = transforms.DistinctBy(transform => transform.Name).ToDictionary(transform => transform.Name, StringComparer.Ordinal);

    /// <summary>What a message is published with, as transforms have left it.</summary>
    /// <exception cref="PayloadUnavailableException">A transform cannot do it now, or is not known here.</exception>
    public async ValueTask<EncodedPayload> EncodeAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> payload = Encoding.UTF8.GetBytes(message.Payload ?? "");
        if (topics.Of(message) is not { } names)
        {
            return new EncodedPayload(payload, "", OutboxMessage.NoHeaders);
        }

        var (applied, context) = ("", ContextOf(message));
        foreach (var name in EncodingNames.Split(names))
        {
            if (!_transforms.TryGetValue(name, out var transform))
            {
                throw new PayloadUnavailableException(
                    $"Payloads of topic '{message.Topic}' go through the transform '{name}', which this service does not have: o.Payloads(p => p.AddTransform<…>()). They are not published without it.");
            }

            context.Encoding = EncodingNames.Join(applied, name);
            if (await transform.ApplyAsync(payload, context, cancellationToken).ConfigureAwait(false) is { } changed)
            {
                (payload, applied) = (changed, context.Encoding);
            }
        }

        if (context.Headers.Keys.FirstOrDefault(name => !name.StartsWith(PayloadContext.HeaderPrefix, StringComparison.Ordinal) || name == MessageHeaders.PayloadEncoding) is { } foreign)
        {
            throw new PayloadException($"A transform of topic '{message.Topic}' sets the header '{foreign}'. The headers of transforms begin with '{PayloadContext.HeaderPrefix}', and '{MessageHeaders.PayloadEncoding}' is the framework's.");
        }

        return new EncodedPayload(payload, applied, context.Headers.AsReadOnly());
    }

    /// <summary>The message with what is published in place of its payload; one without a payload has none either way.</summary>
    public async ValueTask<OutboxMessage> PrepareAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        if (message.Payload is not { } payload)
        {
            return message;
        }

        if (message.Claim is not null)
        {
            return message with { Encoded = Encoding.UTF8.GetBytes(payload) };
        }

        var encoded = await EncodeAsync(message, cancellationToken).ConfigureAwait(false);
        if (encoded.Encoding.Length == 0)
        {
            return message;
        }

        var headers = new Dictionary<string, string>(message.Headers);
        foreach (var (name, value) in encoded.Headers)
        {
            headers[name] = value;
        }

        headers[MessageHeaders.PayloadEncoding] = encoded.Encoding;
        return message with { Encoded = encoded.Bytes, Headers = headers };
    }

    /// <summary>Undoes what a record's headers name.</summary>
    /// <param name="payload">The payload as it came.</param>
    /// <param name="encoding">The transforms.</param>
    /// <param name="context">The message.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="PayloadUnavailableException">It cannot be done now.</exception>
    /// <exception cref="PayloadException">It can never be done.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> DecodeAsync(ReadOnlyMemory<byte> payload, string encoding, PayloadContext context, CancellationToken cancellationToken)
    {
        var names = EncodingNames.Split(encoding);
        for (var i = names.Length - 1; i >= 0; i--)
        {
            if (!_transforms.TryGetValue(names[i], out var transform))
            {
                throw new PayloadException(
                    $"The payload of message {context.MessageId} went through the transform '{names[i]}', which this service does not have. It has {string.Join(", ", _transforms.Keys.Order(StringComparer.Ordinal))}; "
                    + "add it: o.Payloads(p => p.AddTransform<…>()), and have the message tried again.");
            }

            context.Encoding = EncodingNames.Of(names.Take(i + 1));
            payload = await transform.UndoAsync(payload, context, cancellationToken).ConfigureAwait(false);
        }

        return payload;
    }

    /// <summary>A stored message with the payload that its consumers get, and without what it went through.</summary>
    public async ValueTask<OutboxMessage> ClearAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        if (message.Payload is null || !message.Headers.TryGetValue(MessageHeaders.PayloadEncoding, out var encoding))
        {
            return message;
        }

        var payload = message.Encoded ?? Encoding.UTF8.GetBytes(message.Payload);
        var clear = await DecodeAsync(payload, encoding, ContextOf(message, message.Headers), cancellationToken).ConfigureAwait(false);
        var headers = message.Headers.Where(header => !header.Key.StartsWith(PayloadContext.HeaderPrefix, StringComparison.Ordinal)).ToDictionary();
        return message with { Payload = Encoding.UTF8.GetString(clear.Span), Encoded = null, Claim = null, Headers = headers };
    }

    private PayloadContext ContextOf(OutboxMessage message, IReadOnlyDictionary<string, string>? headers = null) => new()
    {
        Topic = message.Topic,
        MessageId = message.MessageId,
        Type = message.Type,
        EntityType = message.EntityType,
        EntityId = message.EntityId,
        Version = message.Version,
        SchemaVersion = message.SchemaVersion,
        MaxBytes = options.Value.MaxBytes,
        Headers = headers is null ? new Dictionary<string, string>(StringComparer.Ordinal) : new Dictionary<string, string>(headers, StringComparer.Ordinal),
    };
}

using System.Text;
using Microsoft.Extensions.Logging;
using Outbox.Messages;
using Outbox.Payloads.Chain;

namespace Outbox.Payloads.Claims;

/// <summary>Keeps large payloads apart from their messages when they are captured, and says when they are not needed any more.</summary>
internal sealed class ClaimCheck(PayloadChain chain, PayloadStores stores, TimeProvider time, ILogger<ClaimCheck> logger)
{
    /// <summary>Whether any topic's payloads are kept apart.</summary>
    public bool IsUsed => stores.IsUsed;

    public bool IsDue(OutboxMessage message) =>
        message is { Payload: { } payload, Claim: null } && stores.ClaimsOf(message.Topic) is { } claims
        && payload.Length > claims.AboveBytes / 3 && Encoding.UTF8.GetByteCount(payload) > claims.AboveBytes;

    /// <summary>Brings a message's payload to a store.</summary>
    /// <param name="message">The message, with its version.</param>
    /// <param name="put">Stores it.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The message with a reference in place of its payload.</returns>
    public async ValueTask<OutboxMessage> DepositAsync(OutboxMessage message, Func<IPayloadStore, StoredPayload, Task> put, CancellationToken cancellationToken)
    {
        var encoded = await chain.EncodeAsync(message, cancellationToken).ConfigureAwait(false);
        var claims = stores.ClaimsOf(message.Topic)!;
        var stored = new StoredPayload(Guid.CreateVersion7(time.GetUtcNow()).ToString(), message.Topic, message.MessageId, encoded.Bytes, [.. claims.Readers]);
        await put(stores.Of(message.Topic), stored).ConfigureAwait(false);
        var headers = new Dictionary<string, string>(message.Headers);
        foreach (var (name, value) in encoded.Headers)
        {
            headers[name] = value;
        }

        headers[MessageHeaders.PayloadEncoding] = EncodingNames.Join(encoded.Encoding, ClaimTransform.TransformName);
        return message with { Payload = ClaimReference.Of(stored.Id, encoded.Bytes.Span).ToJson(), Claim = stored.Id, Headers = headers };
    }

    /// <summary>The messages are on Kafka, or dropped. What is not noted now is not removed by itself: that is better than to publish again what is published.</summary>
    public Task PublishedAsync(IReadOnlyCollection<OutboxMessage> published, IReadOnlyCollection<OutboxMessage> dropped, CancellationToken cancellationToken) =>
        HasClaims(published) || HasClaims(dropped) ? PublishedAsync(published.Concat(dropped), cancellationToken) : Task.CompletedTask;

    private async Task PublishedAsync(IEnumerable<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        foreach (var claimed in messages.Where(message => message.Claim is not null).GroupBy(message => stores.OfCaptured(message.Topic)))
        {
            try
            {
                await (claimed.Key?.PublishedAsync([.. claimed.Select(message => message.Claim!)], cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                logger.ClaimsNotNoted(error, claimed.Count());
            }
        }
    }

    private static bool HasClaims(IReadOnlyCollection<OutboxMessage> messages) => messages.Any(static message => message.Claim is not null);

    /// <summary>An endpoint has processed a message. What is not noted is removed after its time.</summary>
    public async Task ReadAsync(string topic, string claim, string endpoint, CancellationToken cancellationToken)
    {
        try
        {
            await stores.Of(topic).ReadAsync(claim, endpoint, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            logger.ClaimNotRead(error, endpoint, claim);
        }
    }
}

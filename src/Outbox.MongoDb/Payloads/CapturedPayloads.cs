using MongoDB.Driver;
using Outbox.Messages;
using Outbox.Payloads.Claims;

namespace Outbox.MongoDb.Payloads;

/// <summary>Keeps large payloads apart from messages that are being captured, in their transaction where they go to its database.</summary>
internal sealed class CapturedPayloads(ClaimCheck claims, OutboxCollections collections)
{
    /// <returns>The messages as they are stored: those that are not large are the same.</returns>
    public ValueTask<IReadOnlyList<OutboxMessage>> DepositAsync(IClientSessionHandle session, IReadOnlyList<OutboxMessage> messages, bool blocking, CancellationToken cancellationToken) =>
        claims.IsUsed && messages.Any(claims.IsDue) ? DepositDueAsync(session, messages, blocking, cancellationToken) : ValueTask.FromResult(messages);

    private async ValueTask<IReadOnlyList<OutboxMessage>> DepositDueAsync(
        IClientSessionHandle session, IReadOnlyList<OutboxMessage> messages, bool blocking, CancellationToken cancellationToken)
    {
        var stored = messages.ToArray();
        for (var i = 0; i < stored.Length; i++)
        {
            if (claims.IsDue(stored[i]))
            {
                stored[i] = await claims.DepositAsync(
                    stored[i],
                    (store, payload) => store is MongoPayloadStore mongo && mongo.IsIn(collections)
                        ? mongo.PutAsync(session, payload, blocking, cancellationToken)
                        : store.PutAsync(payload, cancellationToken),
                    cancellationToken).ConfigureAwait(false);
            }
        }

        return stored;
    }
}

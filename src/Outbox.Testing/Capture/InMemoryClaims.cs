using Outbox.Messages;
using Outbox.Payloads.Claims;
using Outbox.Testing.Store;

namespace Outbox.Testing.Capture;

/// <summary>Keeps large payloads apart from messages that are being captured, in the same step.</summary>
internal sealed class InMemoryClaims(ClaimCheck claims, TimeProvider time)
{
    public TimeProvider Time => time;

    public OutboxMessage Deposit(Tables tables, OutboxMessage message)
    {
        if (!claims.IsUsed || !claims.IsDue(message))
        {
            return message;
        }

        return claims.DepositAsync(
            message,
            (store, payload) =>
            {
                if (store is not InMemoryPayloadStore)
                {
                    return store.PutAsync(payload, CancellationToken.None);
                }

                tables.Payloads.Add(payload.Id, payload);
                return Task.CompletedTask;
            },
            CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }
}

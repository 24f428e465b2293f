using Outbox.Delivery.Publishing;
using Outbox.History.Replaying;
using Outbox.Messages;
using Outbox.Payloads.Chain;
using Outbox.Payloads.Claims;

namespace Outbox.Payloads.Applying;

/// <summary>Has the payloads of a batch go through their transforms, before anything of it is sent. For publishers.</summary>
internal sealed class PayloadPreparation(PayloadChain chain, TopicTransforms topics, ClaimCheck claims, TimeProvider time)
{
    /// <param name="messages">The batch.</param>
    /// <param name="patience">How long keys may be waited for: other topics wait meanwhile.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>What is to be sent, and of what is not, why; where nothing is to be done, the batch itself.</returns>
    public ValueTask<(IReadOnlyList<OutboxMessage> Messages, PublishResult?[]? Refused)> PrepareAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan patience, CancellationToken cancellationToken) =>
        topics.Concern(messages) || (claims.IsUsed && messages.Any(IsReplayedClaim)) ? PrepareAllAsync(messages, patience, cancellationToken) : new((messages, null));

    private async ValueTask<(IReadOnlyList<OutboxMessage> Messages, PublishResult?[]? Refused)> PrepareAllAsync(
        IReadOnlyList<OutboxMessage> messages, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var prepared = messages.ToArray();
        PublishResult?[]? refused = null;
        var closed = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < prepared.Length; i++)
        {
            if (!topics.Concern(prepared[i]) && !IsReplayedClaim(prepared[i]))
            {
                continue;
            }

            if (closed.Contains(prepared[i].Topic))
            {
                refused![i] = PublishResult.Held;
                continue;
            }

            try
            {
                prepared[i] = await PrepareAsync(prepared[i], either.Token).WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                refused ??= new PublishResult?[prepared.Length];
                refused[i] = ResultOf(error, prepared[i], timeout.IsCancellationRequested ? patience : null);
                if (refused[i] is { Status: PublishStatus.PlaceFailed })
                {
                    closed.Add(prepared[i].Topic);
                }
            }
        }

        return (prepared, refused);
    }

    private async Task<OutboxMessage> PrepareAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        if (IsReplayedClaim(message))
        {
            message = await claims.DepositAsync(message, (store, payload) => store.PutAsync(payload, cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        return await chain.PrepareAsync(message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A history has its events whole, and is published past the outbox: what is large is put into the store then, once more, where it expires by itself.</summary>
    private bool IsReplayedClaim(OutboxMessage message) => claims.IsDue(message) && HistoryTopic.LiveOf(message.Topic) is not null;

    private static PublishResult ResultOf(Exception error, OutboxMessage message, TimeSpan? waited) => error switch
    {
        PayloadUnavailableException => PublishResult.PlaceFailed(new Place(message.Topic), error.Message),
        OperationCanceledException when waited is not null => PublishResult.PlaceFailed(new Place(message.Topic), $"the transforms of its payloads did not end within {waited}: IPayloadKeys may not answer"),
        PayloadException => PublishResult.Refused(error.Message) with { Cause = error },
        _ => PublishResult.Failed($"A transform of its payload failed: {error.Message}") with { Cause = error },
    };
}

using Outbox.Delivery.Publishing;
using Outbox.Kafka.Delivery.Producing;
using Outbox.Messages;

namespace Outbox.Kafka.Delivery.Sending;

/// <summary>
/// Sends with one idempotent producer that never skips a message: a refused message is fatal to it (the gapless guarantee), and a batch that is not
/// acknowledged in time takes the producer with it, so what was queued behind is never sent. Messages that depend on no other go through a producer that survives refusals.
/// </summary>
internal sealed class GaplessSender : IBatchSender
{
    private readonly SenderTools _tools;
    private readonly Turn _turn;
    private OutboxProducer? _gapless;
    private OutboxProducer? _plain;
    private int? _maxBatchBytes;

    public GaplessSender(SenderTools tools) => (_tools, _turn) = (tools, new Turn(EndAsync));

    /// <inheritdoc/>
    public Task<BatchOutcome> SendAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken) =>
        _turn.TakeAsync(() => SendInTurnAsync(messages, deadline, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<BatchOutcome> SendApartAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken) => _turn.TakeAsync(
        () => _turn.IsEnded ? Task.FromResult(Ended(messages)) : SendAsync(_plain ??= _tools.Factory.CreatePlain(_maxBatchBytes), messages, deadline, cancellationToken), cancellationToken);

    /// <summary>What is being sent is waited for, as long as that is brief.</summary>
    public async ValueTask DisposeAsync() => await _turn.EndAsync().ConfigureAwait(false);

    private static BatchOutcome Ended(IReadOnlyList<OutboxMessage> messages) => BatchOutcome.Of(messages, PublishResult.Unavailable("the producer was given up"));

    private async Task<BatchOutcome> SendInTurnAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
    {
        if (_turn.IsEnded)
        {
            return Ended(messages);
        }

        if (_gapless is { Fatal: { } fatal })
        {
            await AbandonAsync(fatal.Reason).ConfigureAwait(false);
        }

        if (_maxBatchBytes != _tools.Places.MaxBatchBytes)
        {
            // Nothing is on its way between two batches.
            await EndAsync().ConfigureAwait(false);
            _maxBatchBytes = _tools.Places.MaxBatchBytes;
        }

        _gapless ??= _tools.Factory.Create(_maxBatchBytes);
        return await SendAsync(_gapless, messages, deadline, cancellationToken).ConfigureAwait(false);
    }

    private async Task<BatchOutcome> SendAsync(OutboxProducer producer, IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
    {
        if (deadline <= TimeSpan.Zero)
        {
            return BatchOutcome.TooLate(messages);
        }

        var started = _tools.Time.GetTimestamp();
        var batch = new ProduceBatch(messages, _tools);
        batch.Produce(producer.Producer);
        if (await Answers.WaitAsync(batch, _tools, deadline - _tools.Time.GetElapsedTime(started), cancellationToken).ConfigureAwait(false))
        {
            _tools.Errors.Answered();
            var outcome = batch.End(_ => PublishResult.Held);
            if (outcome.AnyRefusal && producer == _gapless)
            {
                await AbandonAsync("a message was refused").ConfigureAwait(false);
            }

            return outcome;
        }

        await AbandonAsync($"a batch of {messages.Count} messages was not acknowledged within {deadline}").ConfigureAwait(false);
        return batch.End(message => _tools.Unanswered(message, deadline));
    }

    private Task AbandonAsync(string reason)
    {
        _tools.Errors.GivenUp(reason.TrimEnd('.'));
        return EndAsync();
    }

    private Task EndAsync()
    {
        var ends = new[] { _gapless, _plain }.OfType<OutboxProducer>().Select(Disposal.InBackground).ToList();
        _gapless = _plain = null;
        return Task.WhenAll(ends);
    }
}

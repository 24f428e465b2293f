using Outbox.Delivery.Publishing;
using Outbox.Kafka.Delivery.Producing;
using Outbox.Messages;

namespace Outbox.Kafka.Delivery.Sending;

/// <summary>
/// Sends with one idempotent producer that never skips a message: a refused message is fatal to it (the gapless guarantee), and a batch that is not
/// acknowledged in time takes the producer with it, so what was queued behind is never sent. Messages that depend on no other go through a producer that survives refusals.
/// </summary>
internal sealed class GaplessSender(SenderTools tools) : IBatchSender
{
    private OutboxProducer? _gapless;
    private OutboxProducer? _plain;
    private int? _maxBatchBytes;

    /// <inheritdoc/>
    public async Task<BatchOutcome> SendAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
    {
        if (_gapless is { Fatal: { } fatal })
        {
            await AbandonAsync(fatal.Reason).ConfigureAwait(false);
        }

        if (_maxBatchBytes != tools.Places.MaxBatchBytes)
        {
            // Nothing is on its way between two batches.
            await EndAsync().ConfigureAwait(false);
            _maxBatchBytes = tools.Places.MaxBatchBytes;
        }

        _gapless ??= tools.Factory.Create(_maxBatchBytes);
        return await SendAsync(_gapless, messages, deadline, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<BatchOutcome> SendApartAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
    {
        _plain ??= tools.Factory.CreatePlain(_maxBatchBytes);
        return await SendAsync(_plain, messages, deadline, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await EndAsync().ConfigureAwait(false);

    private async Task<BatchOutcome> SendAsync(OutboxProducer producer, IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var started = tools.Time.GetTimestamp();
        var batch = new ProduceBatch(messages, tools);
        batch.Produce(producer.Producer);
        if (await Answers.WaitAsync(batch, tools, deadline - tools.Time.GetElapsedTime(started), cancellationToken).ConfigureAwait(false))
        {
            tools.Errors.Answered();
            var outcome = batch.End(_ => PublishResult.Held);
            if (outcome.AnyRefusal && producer == _gapless)
            {
                await AbandonAsync("a message was refused").ConfigureAwait(false);
            }

            return outcome;
        }

        await AbandonAsync($"a batch of {messages.Count} messages was not acknowledged within {deadline}").ConfigureAwait(false);
        return batch.End(message => tools.Unanswered(message, deadline));
    }

    private Task AbandonAsync(string reason)
    {
        tools.Errors.GivenUp(reason.TrimEnd('.'));
        return EndAsync();
    }

    private Task EndAsync()
    {
        var ends = new[] { _gapless, _plain }.OfType<OutboxProducer>().Select(Disposal.InBackground).ToList();
        _gapless = _plain = null;
        return Task.WhenAll(ends);
    }
}

using Confluent.Kafka;
using Outbox.Delivery.Publishing;
using Outbox.Kafka.Delivery.Producing;
using Outbox.Messages;

namespace Outbox.Kafka.Delivery.Sending;

/// <summary>
/// Sends a lane's batches, each in a Kafka transaction. A new producer fences the lane's earlier ones and then asks the database whether the lane is
/// still this relay's: if it is, every later owner's producer will fence this one; if it is not, this one publishes nothing.
/// </summary>
internal sealed class TransactionalSender(int lane, SenderTools tools) : IBatchSender
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private OutboxProducer? _producer;
    private int? _maxBatchBytes;

    /// <summary>Ends what an earlier owner of the lane left open, so that nobody who reads committed messages waits for it.</summary>
    public async Task PrepareAsync(TimeSpan deadline, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await ProducerAsync(deadline, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is KafkaException or LaneLostException or OperationCanceledException)
        {
            await EndAsync().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends the producer when the batch that it may be sending has ended: the lane is another relay's.</summary>
    public async Task RetireAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await EndAsync().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<BatchOutcome> SendAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await SendInTurnAsync(messages, deadline, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public Task<BatchOutcome> SendApartAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken) =>
        SendAsync(messages, deadline, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await EndAsync().ConfigureAwait(false);

    private async Task<BatchOutcome> SendInTurnAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var started = tools.Time.GetTimestamp();
        var batch = new ProduceBatch(messages, tools);
        try
        {
            var producer = await ProducerAsync(deadline, cancellationToken).ConfigureAwait(false);
            producer.BeginTransaction();
            batch.Produce(producer);
            var answered = await Answers.WaitAsync(batch, tools, Rest(deadline, started), cancellationToken).ConfigureAwait(false);
            if (answered && !batch.AnyError)
            {
                await Task.Run(() => producer.CommitTransaction(Rest(deadline, started)), CancellationToken.None).ConfigureAwait(false);
                tools.Errors.Answered();
                return batch.End(_ => PublishResult.Held);
            }

            await AbandonAsync(answered ? "a message was not accepted" : $"a batch of {messages.Count} messages was not acknowledged within {deadline}").ConfigureAwait(false);
            if (batch.IsUnexplained)
            {
                await tools.Places.HearAsync(messages).ConfigureAwait(false);
            }

            return batch.End(message => tools.Unanswered(message, deadline), revoked: PublishResult.Held);
        }
        catch (Exception error) when (error is KafkaException or TimeoutException or OperationCanceledException or LaneLostException)
        {
            await AbandonAsync(error.Message).ConfigureAwait(false);
            var failed = Failure(error);
            return batch.End(_ => failed, revoked: failed);
        }
    }

    private async Task<IProducer<byte[]?, byte[]?>> ProducerAsync(TimeSpan deadline, CancellationToken cancellationToken)
    {
        if (_maxBatchBytes != tools.Places.MaxBatchBytes)
        {
            await EndAsync().ConfigureAwait(false);
            _maxBatchBytes = tools.Places.MaxBatchBytes;
        }

        if (_producer is null)
        {
            _producer = tools.Factory.CreateTransactional(lane, _maxBatchBytes);
            var producer = _producer.Producer;
            await Task.Run(() => producer.InitTransactions(deadline), cancellationToken).ConfigureAwait(false);
            if (!await tools.Guard.OwnsAsync(lane, cancellationToken).ConfigureAwait(false))
            {
                throw new LaneLostException(lane);
            }
        }

        return _producer.Producer;
    }

    private PublishResult Failure(Exception error) => error is KafkaException { Error: var reason } && KafkaErrors.KindOf(reason) == ErrorKind.Place
        ? PublishResult.PlaceFailed(Place.Cluster, KafkaErrors.Explain(reason, ""))
        : tools.Credentials is { } refused ? PublishResult.PlaceFailed(Place.Cluster, refused) : PublishResult.Unavailable(error.Message);

    private TimeSpan Rest(TimeSpan deadline, long started)
    {
        var rest = deadline - tools.Time.GetElapsedTime(started);
        return rest > TimeSpan.Zero ? rest : throw new TimeoutException($"not acknowledged by Kafka within {deadline}");
    }

    private Task AbandonAsync(string reason)
    {
        tools.Errors.GivenUp(reason.TrimEnd('.'));
        return EndAsync();
    }

    /// <summary>Aborts the open transaction first: until it has ended, nobody who reads committed messages gets past it.</summary>
    private Task EndAsync()
    {
        var ended = _producer;
        _producer = null;
        return ended is null ? Task.CompletedTask : Disposal.InBackground(new Abort(ended));
    }

    private sealed class Abort(OutboxProducer producer) : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

        public void Dispose()
        {
            try
            {
                producer.Producer.AbortTransaction(Patience);
            }
            catch (KafkaException)
            {
                // There is none, or it belongs to the lane's next owner, or no broker answers: then it ends when its time is over.
            }
            finally
            {
                producer.Dispose();
            }
        }
    }
}

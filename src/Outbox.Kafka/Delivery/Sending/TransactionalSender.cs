using Confluent.Kafka;
using Outbox.Delivery;
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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile OutboxProducer? _producer;
    private volatile bool _isEnded;
    private int? _maxBatchBytes;

    /// <summary>Ends what an earlier owner of the lane left open, so that nobody who reads committed messages waits for it.</summary>
    public async Task PrepareAsync(TimeSpan deadline, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await ProducerAsync(deadline, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is KafkaException or LaneLostException or StoreFailedException or OperationCanceledException or ObjectDisposedException)
        {
            // The lane's first batch asks again.
        }
        finally
        {
            await LeaveAsync().ConfigureAwait(false);
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
            await LeaveAsync().ConfigureAwait(false);
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
            await LeaveAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task<BatchOutcome> SendApartAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken) =>
        SendAsync(messages, deadline, cancellationToken);

    /// <summary>
    /// What is open is aborted at once, also in the middle of a batch; but the producer ends only in turn, when nobody uses it: a client that is used while it ends takes the process with it.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _isEnded = true;
        if (_producer is { } open)
        {
            await Disposal.InBackground(() => open.Abort(Patience)).ConfigureAwait(false);
        }

        if (await _turn.WaitAsync(Patience).ConfigureAwait(false))
        {
            await LeaveAsync().ConfigureAwait(false);
        }
    }

    private async Task LeaveAsync()
    {
        if (_isEnded)
        {
            await EndAsync().ConfigureAwait(false);
        }

        _turn.Release();
    }

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
                await tools.Places.HearAsync(messages, cancellationToken).ConfigureAwait(false);
            }

            return batch.End(message => tools.Unanswered(message, deadline), revoked: PublishResult.Held);
        }
        catch (Exception error) when (error is KafkaException or TimeoutException or OperationCanceledException or ObjectDisposedException or LaneLostException)
        {
            await AbandonAsync(error.Message).ConfigureAwait(false);
            var failed = Failure(error);
            return batch.End(_ => failed, revoked: failed);
        }
    }

    private async Task<IProducer<byte[]?, byte[]?>> ProducerAsync(TimeSpan deadline, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isEnded, this);
        if (_maxBatchBytes != tools.Places.MaxBatchBytes)
        {
            await EndAsync().ConfigureAwait(false);
            _maxBatchBytes = tools.Places.MaxBatchBytes;
        }

        if (_producer is null)
        {
            _producer = await FencingAsync(tools.Factory.CreateTransactional(lane, _maxBatchBytes), deadline, cancellationToken).ConfigureAwait(false);
        }

        return _producer.Producer;
    }

    /// <summary>Fences earlier producers of the lane. Nothing may be sent with one for which nobody has said after that whose the lane is.</summary>
    private async Task<OutboxProducer> FencingAsync(OutboxProducer producer, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var isOwner = false;
        try
        {
            await Task.Run(() => producer.Producer.InitTransactions(deadline), cancellationToken).ConfigureAwait(false);
            isOwner = await tools.Guard.OwnsAsync(lane, cancellationToken).ConfigureAwait(false);
            return isOwner ? producer : throw new LaneLostException(lane);
        }
        finally
        {
            if (!isOwner)
            {
                await Disposal.InBackground(producer).ConfigureAwait(false);
            }
        }
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
        return ended is null ? Task.CompletedTask : Disposal.InBackground(() =>
        {
            ended.Abort(Patience);
            ended.Dispose();
        });
    }
}

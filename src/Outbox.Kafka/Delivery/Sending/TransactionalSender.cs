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
internal sealed class TransactionalSender : IBatchSender
{
    /// <summary>After a preparation that failed, how long until the next.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>By then the brokers have ended by themselves what was left open (<c>transaction.timeout.ms</c>).</summary>
    private const int MostFailures = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly int _lane;
    private readonly SenderTools _tools;
    private readonly Turn _turn;
    private volatile OutboxProducer? _producer;
    private volatile bool _isPrepared;
    private long _failedAt;
    private int _failures;
    private int? _maxBatchBytes;

    public TransactionalSender(int lane, SenderTools tools) => (_lane, _tools, _turn) = (lane, tools, new Turn(EndAsync));

    /// <summary>Whether an earlier owner of the lane may have left something open, and it is time to try to end it.</summary>
    public bool IsToPrepare => !_isPrepared && (_failures == 0 || (_failures < MostFailures && _tools.Time.GetElapsedTime(_failedAt) >= Pause));

    /// <summary>Ends what an earlier owner of the lane left open, so that nobody who reads committed messages waits for it.</summary>
    public Task PrepareAsync(TimeSpan deadline, CancellationToken cancellationToken) => _turn.TakeAsync(
        async () =>
        {
            try
            {
                await ProducerAsync(deadline, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (error is KafkaException or LaneLostException or StoreFailedException or OperationCanceledException or ObjectDisposedException)
            {
                // It is tried again, or the lane's first batch does it.
                (_failedAt, _failures) = (_tools.Time.GetTimestamp(), _failures + 1);
            }

            return true;
        },
        cancellationToken);

    /// <summary>Ends the producer when the batch that it may be sending has ended: the lane is another relay's.</summary>
    public Task RetireAsync(CancellationToken cancellationToken) => _turn.TakeAsync(
        async () =>
        {
            await EndAsync().ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<BatchOutcome> SendAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken) =>
        _turn.TakeAsync(() => SendInTurnAsync(messages, deadline, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<BatchOutcome> SendApartAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken) =>
        SendAsync(messages, deadline, cancellationToken);

    /// <summary>What is open is aborted at once, also in the middle of a batch; but the producer ends only in turn.</summary>
    public async ValueTask DisposeAsync()
    {
        _turn.Close();
        if (_producer is { } open)
        {
            await Disposal.InBackground(() => open.Abort(Patience)).ConfigureAwait(false);
        }

        await _turn.EndAsync().ConfigureAwait(false);
    }

    private async Task<BatchOutcome> SendInTurnAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
    {
        if (deadline <= TimeSpan.Zero)
        {
            return BatchOutcome.TooLate(messages);
        }

        var started = _tools.Time.GetTimestamp();
        var batch = new ProduceBatch(messages, _tools);
        try
        {
            var producer = await ProducerAsync(deadline, cancellationToken).ConfigureAwait(false);
            producer.BeginTransaction();
            batch.Produce(producer);
            var answered = await Answers.WaitAsync(batch, _tools, Rest(deadline, started), cancellationToken).ConfigureAwait(false);
            if (answered && !batch.AnyError)
            {
                await Task.Run(() => producer.CommitTransaction(Rest(deadline, started)), CancellationToken.None).ConfigureAwait(false);
                _tools.Errors.Answered();
                return batch.End(_ => PublishResult.Held);
            }

            await AbandonAsync(answered ? "a message was not accepted" : $"a batch of {messages.Count} messages was not acknowledged within {deadline}").ConfigureAwait(false);
            if (batch.IsUnexplained)
            {
                await _tools.Places.HearAsync(messages, cancellationToken).ConfigureAwait(false);
            }

            return batch.End(message => _tools.Unanswered(message, deadline), revoked: PublishResult.Held);
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
        ObjectDisposedException.ThrowIf(_turn.IsEnded, this);
        if (_maxBatchBytes != _tools.Places.MaxBatchBytes)
        {
            await EndAsync().ConfigureAwait(false);
            _maxBatchBytes = _tools.Places.MaxBatchBytes;
        }

        if (_producer is null)
        {
            _producer = await FencingAsync(_tools.Factory.CreateTransactional(_lane, _maxBatchBytes), deadline, cancellationToken).ConfigureAwait(false);
            _isPrepared = true;
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
            isOwner = await _tools.Guard.OwnsAsync(_lane, cancellationToken).ConfigureAwait(false);
            return isOwner ? producer : throw new LaneLostException(_lane);
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
        : _tools.Credentials is { } refused ? PublishResult.PlaceFailed(Place.Cluster, refused) : PublishResult.Unavailable(error.Message);

    private TimeSpan Rest(TimeSpan deadline, long started)
    {
        var rest = deadline - _tools.Time.GetElapsedTime(started);
        return rest > TimeSpan.Zero ? rest : throw new TimeoutException($"not acknowledged by Kafka within {deadline}");
    }

    private Task AbandonAsync(string reason)
    {
        _tools.Errors.GivenUp(reason.TrimEnd('.'));
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

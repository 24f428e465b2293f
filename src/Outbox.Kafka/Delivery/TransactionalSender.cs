using Confluent.Kafka;
using Outbox.Kafka.Delivery.Producing;
using Outbox.Messages;

namespace Outbox.Kafka.Delivery;

/// <summary>
/// Sends a lane's batches, each in a Kafka transaction. A new producer fences the lane's earlier ones and then asks the database whether the lane is
/// still this relay's: if it is, every later owner's producer will fence this one; if it is not, this one publishes nothing.
/// </summary>
internal sealed class TransactionalSender(int lane, SenderTools tools) : IBatchSender
{
    private OutboxProducer? _producer;

    /// <inheritdoc/>
    public async Task<ProduceBatch> SendAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var started = tools.Time.GetTimestamp();
        var batch = new ProduceBatch(messages);
        try
        {
            var producer = await ProducerAsync(deadline, cancellationToken).ConfigureAwait(false);
            producer.BeginTransaction();
            batch.Produce(producer, tools.Factory.TopicPrefix, tools.Guard);
            await batch.Completed.WaitAsync(Rest(deadline, started), tools.Time, cancellationToken).ConfigureAwait(false);
            await EndAsync(producer, batch, Rest(deadline, started)).ConfigureAwait(false);
        }
        catch (Exception error) when (error is KafkaException or TimeoutException or OperationCanceledException or LaneLostException)
        {
            if (error is TimeoutException && _producer is not null)
            {
                await tools.Partitions.LearnAsync(_producer.Producer.Handle, batch.UnansweredTopics).ConfigureAwait(false);
            }

            // Disposing of the producer leaves the transaction open; the next producer of the lane aborts it.
            Abandon(error.Message);
            batch.Revoke(error.Message);
        }

        return batch;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _producer?.Dispose();
        _producer = null;
    }

    private async Task<IProducer<string, byte[]?>> ProducerAsync(TimeSpan deadline, CancellationToken cancellationToken)
    {
        if (_producer is null)
        {
            _producer = tools.Factory.CreateTransactional(lane);
            var producer = _producer.Producer;
            await Task.Run(() => producer.InitTransactions(deadline), cancellationToken).ConfigureAwait(false);
            if (!await tools.Guard.OwnsAsync(lane, cancellationToken).ConfigureAwait(false))
            {
                throw new LaneLostException(lane);
            }
        }

        return _producer.Producer;
    }

    private async Task EndAsync(IProducer<string, byte[]?> producer, ProduceBatch batch, TimeSpan rest)
    {
        if (batch.AnyError)
        {
            await Task.Run(() => producer.AbortTransaction(rest)).ConfigureAwait(false);
            batch.Revoke(error: null);

            // After a refused message librdkafka may purge the next transaction's messages too; a new producer starts clean.
            Abandon("a message was refused");
        }
        else
        {
            await Task.Run(() => producer.CommitTransaction(rest)).ConfigureAwait(false);
        }
    }

    private TimeSpan Rest(TimeSpan deadline, long started)
    {
        var rest = deadline - tools.Time.GetElapsedTime(started);
        return rest > TimeSpan.Zero ? rest : throw new TimeoutException($"not acknowledged by Kafka within {deadline}");
    }

    private void Abandon(string reason)
    {
        tools.Logger.ProducerAbandoned(reason);
        Dispose();
    }
}

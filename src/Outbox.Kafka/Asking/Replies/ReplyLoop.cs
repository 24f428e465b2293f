using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Outbox.Kafka.Asking.Clients;
using Outbox.Kafka.Asking.Wire;
using Outbox.Kafka.Delivery.Producing;
using Outbox.Kafka.Inbox.Watching;

namespace Outbox.Kafka.Asking.Replies;

/// <summary>Reads this instance's partition of the answers, on a thread of its own. It joins no group and commits nothing.</summary>
internal sealed class ReplyLoop(ReplyConsumers consumers, ReplyBox box, ReplyReader reader, Watches watches, ILogger logger)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>Runs until it is stopped: one life of the instance.</summary>
    public void Run(CancellationToken stopping)
    {
        var place = new ReplyPlace(consumers.Topic);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                RunConsumer(place, stopping);
            }
            catch (Exception error) when (!stopping.IsCancellationRequested)
            {
                watches.Broker.Failed(error, stopping);
            }
            catch (Exception)
            {
                // The instance stops.
            }
        }

        box.Close(ReplyBox.NotStarted);
    }

    private void RunConsumer(ReplyPlace place, CancellationToken stopping)
    {
        var consumer = consumers.Create(error => Reported(error));
        watches.Client.Renewed();
        try
        {
            if (Find(consumer, place, stopping) is { } from)
            {
                consumer.Assign(from);
                logger.RepliesBegin(from.Topic, from.Partition.Value, from.Offset.Value, place.Instance);
                box.Open(place.Address);
                Poll(consumer, place, stopping);
            }

            watches.Client.Wait();
            consumer.Close();
        }
        catch (DeadClientException)
        {
            // It may take half a minute to end.
            _ = Disposal.InBackground(consumer);
            throw;
        }
        catch
        {
            watches.Client.Wait();
            consumer.Dispose();
            throw;
        }

        consumer.Dispose();
    }

    private TopicPartitionOffset? Find(IConsumer<byte[]?, byte[]?> consumer, ReplyPlace place, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                return place.Find(consumer);
            }
            catch (KafkaException failure)
            {
                box.Close(place.Explain(failure.Error));
                watches.Broker.Reported(KafkaErrors.KindOf(failure.Error) == ErrorKind.NoAnswer ? new Error(ErrorCode.Local_AllBrokersDown) : failure.Error);
                stopping.WaitHandle.WaitOne(LookInterval);
                watches.Client.Look(consumer);
            }
        }

        return null;
    }

    private void Poll(IConsumer<byte[]?, byte[]?> consumer, ReplyPlace place, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (consumer.Consume(PollInterval) is { } result)
                {
                    watches.Client.Heard();
                    place.Read(result.TopicPartitionOffset);
                    reader.Take(result, place.Instance);
                }
            }
            catch (ConsumeException error) when (!error.Error.IsFatal)
            {
                Reported(error.Error);
            }

            watches.Broker.Look(consumer);
            watches.Client.Look(consumer);
        }
    }

    /// <summary>The client asks for the coordinator of a group that nobody joins; that it may not know is no matter.</summary>
    private void Reported(Error error)
    {
        if (error.Code != ErrorCode.GroupAuthorizationFailed)
        {
            watches.Broker.Reported(error);
        }
    }
}

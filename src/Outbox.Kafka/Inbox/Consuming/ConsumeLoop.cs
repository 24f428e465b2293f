using Confluent.Kafka;
using Outbox.Kafka.Inbox.Processing;

namespace Outbox.Kafka.Inbox.Consuming;

/// <summary>
/// Reads one topic on a thread of its own and hands messages to the dispatcher. When enough wait, it reads no further; when they wait for long, it pauses its
/// partitions and polls on, so that a slow consumer never loses its place in the group.
/// </summary>
internal sealed class ConsumeLoop(EndpointServices services, IDispatcher dispatcher, BrokerWatch watch)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StoreInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan PauseAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RebuildDelay = TimeSpan.FromSeconds(1);

    private bool _paused;
    private long _stored;
    private Task _commit = Task.CompletedTask;

    /// <summary>Runs until it is stopped. A consumer that fails for good is replaced by a new one.</summary>
    public void Run(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                RunConsumer(stopping);
            }
            catch (Exception error) when (!stopping.IsCancellationRequested)
            {
                watch.Failed(error);
                Task.WaitAny([Task.Delay(RebuildDelay, services.Time, stopping)], CancellationToken.None);
            }
        }
    }

    private void RunConsumer(CancellationToken stopping)
    {
        var assignment = new Assignment(services);
        using var consumer = ConsumerFactory.Create(services)
            .SetPartitionsAssignedHandler((_, given) => assignment.Add(given))
            .SetPartitionsRevokedHandler((self, taken) => assignment.Revoke(self, Positions(taken)))
            .SetPartitionsLostHandler((self, lost) => assignment.Lose(self, Positions(lost)))
            .SetOffsetsCommittedHandler((_, committed) => Report(committed))
            .SetErrorHandler((_, error) => watch.Reported(error))
            .Build();
        try
        {
            consumer.Subscribe(services.TopicName);
            Poll(consumer, assignment, stopping);
            // Closing destroys what a commit still uses.
            _commit.Wait(CancellationToken.None);
            // Runs the handler of revoked partitions, commits what is stored, and leaves the group.
            consumer.Close();
        }
        catch
        {
            assignment.LoseAll();
            throw;
        }
        finally
        {
            _commit.Wait(CancellationToken.None);
        }
    }

    private void Poll(IConsumer<byte[]?, byte[]?> consumer, Assignment assignment, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            Balance(consumer, assignment, stopping);
            Consume(consumer, assignment);
            Store(consumer, assignment);
            watch.Look(consumer);
        }
    }

    private void Consume(IConsumer<byte[]?, byte[]?> consumer, Assignment assignment)
    {
        try
        {
            var result = consumer.Consume(PollInterval);
            if (result is not null && assignment.Begin(result) is { } message)
            {
                dispatcher.Enqueue(message);
            }
        }
        catch (ConsumeException error) when (!error.Error.IsFatal)
        {
            watch.Reported(error.Error);
        }
    }

    /// <summary>Pausing makes librdkafka throw away what it has fetched, so it is for slow consumers only; fast ones are waited for.</summary>
    private void Balance(IConsumer<byte[]?, byte[]?> consumer, Assignment assignment, CancellationToken stopping)
    {
        if (!_paused && dispatcher.WaitForRoom(PauseAfter, stopping))
        {
            return;
        }

        var wasPaused = _paused;
        _paused = dispatcher.Pending > services.Settings.PrefetchCount / 2;
        if (_paused)
        {
            assignment.Pause(consumer);
            if (!wasPaused)
            {
                services.Logger.ReadingPaused(services.TopicName, services.Settings.Group, dispatcher.Pending);
            }
        }
        else
        {
            assignment.Resume(consumer);
        }
    }

    /// <summary>It looks at every partition, which is too much to do for every message.</summary>
    private void Store(IConsumer<byte[]?, byte[]?> consumer, Assignment assignment)
    {
        if (services.Time.GetElapsedTime(_stored) < StoreInterval)
        {
            return;
        }

        _stored = services.Time.GetTimestamp();
        if (assignment.StoreFinished(consumer))
        {
            CommitInBackground(consumer);
        }
    }

    private void CommitInBackground(IConsumer<byte[]?, byte[]?> consumer)
    {
        if (_commit.IsCompleted)
        {
            _commit = Task.Run(() => Commit(consumer));
        }
    }

    private void Commit(IConsumer<byte[]?, byte[]?> consumer)
    {
        try
        {
            consumer.Commit();
        }
        catch (KafkaException error)
        {
            Report(error.Error);
        }
    }

    /// <summary>The commits that librdkafka makes by itself, at its interval and before partitions go.</summary>
    private void Report(CommittedOffsets committed)
    {
        if (committed.Error.IsError)
        {
            Report(committed.Error);
        }
        else if (committed.Offsets.FirstOrDefault(offset => offset.Error.IsError) is { } refused)
        {
            Report(refused.Error);
        }
    }

    private void Report(Error error)
    {
        // Another commit was first.
        if (error.Code != ErrorCode.Local_NoOffset)
        {
            services.Logger.CommitFailed(services.Settings.Group, error.Reason);
        }
    }

    private static List<TopicPartition> Positions(List<TopicPartitionOffset> offsets) => offsets.ConvertAll(offset => offset.TopicPartition);
}

using Confluent.Kafka;
using Outbox.Kafka.Inbox.Replaying;
using Outbox.Kafka.Inbox.Watching;

namespace Outbox.Kafka.Inbox.Receiving;

/// <summary>
/// Reads on a thread of its own and hands messages over. When enough wait, it reads no further; when they wait for long, it pauses its partitions and polls on,
/// so that a slow consumer never loses its place in the group.
/// </summary>
internal sealed class ConsumeLoop(ConsumerFactory consumers, Func<Assignment> assignments, Intake intake, OffsetCommits commits, Watches watches)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>What may keep it from reading at all.</summary>
    public required ReplayGate Gate { get; init; }

    /// <summary>Runs until it is stopped. A consumer that fails for good is replaced by a new one.</summary>
    public void Run(CancellationToken stopping)
    {
        while (Gate.Enter(stopping) is { } opening)
        {
            using (opening)
            {
                try
                {
                    RunConsumer(opening.Ending);
                }
                catch (Exception error) when (!opening.Ending.IsCancellationRequested)
                {
                    watches.Broker.Failed(error, opening.Ending);
                }
                catch (Exception error)
                {
                    // It was to end: the endpoint stops, or goes on when it may consume again.
                    watches.Broker.EndedBy(error);
                }
            }
        }
    }

    private void RunConsumer(CancellationToken stopping)
    {
        try
        {
            RunToItsEnd(stopping);
        }
        finally
        {
            intake.Ended();
        }
    }

    private void RunToItsEnd(CancellationToken stopping)
    {
        var assignment = assignments();
        var consumer = consumers.Create()
            .SetPartitionsAssignedHandler((_, given) => assignment.Add(given))
            .SetPartitionsRevokedHandler((self, taken) => assignment.Revoke(self, Positions(taken)))
            .SetPartitionsLostHandler((self, lost) => assignment.Lose(self, Positions(lost)))
            .SetOffsetsCommittedHandler((_, committed) => commits.Report(committed))
            .SetErrorHandler((_, error) => watches.Broker.Reported(error))
            .Build();
        watches.Client.Renewed();
        try
        {
            consumer.Subscribe(consumers.Topic);
            Poll(consumer, assignment, stopping);
            // Closing destroys what these still use.
            commits.Wait();
            watches.Client.Wait();
            // Runs the handler of revoked partitions, commits what is stored, and leaves the group.
            consumer.Close();
        }
        catch (DeadClientException)
        {
            assignment.LoseAll();
            // Its last commit may take half a minute, or never end; nobody waits for it, but a client that is used while it ends takes the process with it.
            _ = commits.Abandon().ContinueWith(_ => consumer.Dispose(), CancellationToken.None, TaskContinuationOptions.LongRunning, TaskScheduler.Default);
            throw;
        }
        catch
        {
            assignment.LoseAll();
            try
            {
                commits.Wait();
                watches.Client.Wait();
            }
            finally
            {
                consumer.Dispose();
            }

            throw;
        }

        consumer.Dispose();
    }

    private void Poll(IConsumer<byte[]?, byte[]?> consumer, Assignment assignment, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            intake.Balance(consumer, assignment, stopping);
            Consume(consumer, assignment);
            if (commits.Store(consumer, assignment))
            {
                intake.Report(consumer, assignment);
            }

            watches.Broker.Look(consumer);
            watches.Client.Look(consumer);
        }
    }

    private void Consume(IConsumer<byte[]?, byte[]?> consumer, Assignment assignment)
    {
        try
        {
            var result = consumer.Consume(PollInterval);
            if (result is not null)
            {
                watches.Client.Heard();
            }

            if (result is not null && assignment.Begin(consumer, result) is { } message)
            {
                intake.Take(message);
            }
        }
        catch (ConsumeException error) when (!error.Error.IsFatal)
        {
            watches.Broker.Reported(error.Error);
        }
    }

    private static List<TopicPartition> Positions(List<TopicPartitionOffset> offsets) => offsets.ConvertAll(offset => offset.TopicPartition);
}

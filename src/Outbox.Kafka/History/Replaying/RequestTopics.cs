using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Outbox.History.Repair;
using Outbox.Kafka.Installation;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.History.Replaying;

/// <summary>What has to be on Kafka before a history is asked for.</summary>
internal sealed class RequestTopics(ITopicAdmin admin, ReplayTools tools, IOptions<KafkaOptions> kafka, IOptions<OutboxOptions> outbox)
{
    /// <summary>The time, for ids.</summary>
    public DateTimeOffset Now => tools.Time.GetUtcNow();

    /// <summary>Sees to it that somebody hears the command, and that there is a topic for the answer, with as many partitions as the live one.</summary>
    /// <exception cref="OutboxException">Nobody does, or there is none and it may not be made.</exception>
    public async Task PrepareAsync(string topic, string into, CancellationToken cancellationToken)
    {
        var asked = tools.NameOf(RepairTopic.Of(topic));
        if (await FindAsync(asked, cancellationToken).ConfigureAwait(false) is null)
        {
            throw new OutboxException($"Topic '{asked}' does not exist, so the owner of topic '{topic}' answers nobody: it has to keep its history and to say so (t.KeepHistory(), t.AnswerGaps(a => a.ReplayPerSecond = …)).");
        }

        if (await FindAsync(tools.NameOf(into), cancellationToken).ConfigureAwait(false) is not null)
        {
            return;
        }

        var live = await FindAsync(tools.NameOf(topic), cancellationToken).ConfigureAwait(false);
        if (!tools.MayCreate || live is null)
        {
            throw new OutboxException($"Topic '{tools.NameOf(into)}' does not exist, and is not created here (Outbox:Kafka:CreateTopics). Create it, with as many partitions as '{tools.NameOf(topic)}'.");
        }

        var shape = new TopicRegistration(into, ParkedPolicy.HoldEntity) { Partitions = live.Value.Partitions, ReplicationFactor = (short)Math.Max(1, live.Value.Replicas) };
        await admin.CreateAsync(tools.NameOf(into), shape, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Has a group that has never consumed a topic begin at its ends of now: what is published from now on, the history may not have. One that consumes is where it is.</summary>
    /// <exception cref="OutboxException">Kafka does not answer.</exception>
    public Task BeginAtEndAsync(string group, string topic, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            try
            {
                using var client = ClientBuilders.OfGroup(group, kafka.Value, outbox.Value).Build();
                using var questions = new DependentAdminClientBuilder(client.Handle).Build();
                var found = questions.GetMetadata(tools.NameOf(topic), tools.Patience).Topics.Single();
                var partitions = found.Partitions.ConvertAll(partition => new TopicPartition(found.Topic, partition.PartitionId));
                if (partitions.Count > 0 && client.Committed(partitions, tools.Patience).TrueForAll(offset => offset.Offset.Value < 0))
                {
                    client.Commit(partitions.ConvertAll(partition => new TopicPartitionOffset(partition, client.QueryWatermarkOffsets(partition, tools.Patience).High)));
                }
            }
            catch (KafkaException error) when (error.Error.Code is ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration or ErrorCode.RebalanceInProgress)
            {
                // It has members: they consume the topic, or begin as their endpoint says.
            }
            catch (KafkaException error)
            {
                throw new OutboxException($"Kafka did not say how far group '{group}' is on topic '{topic}': {error.Error.Reason}", error);
            }
        },
        cancellationToken);

    private async Task<TopicShape?> FindAsync(string topic, CancellationToken cancellationToken)
    {
        try
        {
            return await admin.FindAsync(topic, cancellationToken).ConfigureAwait(false);
        }
        catch (TopicDeniedException denied)
        {
            throw new OutboxException(denied.Message, denied);
        }
        catch (TopicsUnavailableException error)
        {
            throw new OutboxException(error.Message, error);
        }
    }
}

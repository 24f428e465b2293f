using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Outbox.Kafka.Delivery.Producing;

namespace Outbox.Kafka.Delivery.Places;

/// <summary>
/// Asks the brokers about topics, with a client apart from the producers': one that has lost its brokers knows nothing of them. It is replaced after each question that was not answered.
/// </summary>
internal sealed class TopicQuestions(ProducerFactory clients) : ITopicQuestions, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly Lock _gate = new();
    private IAdminClient? _admin;

    /// <inheritdoc/>
    public async Task<TopicState?> AskAsync(string topic)
    {
        var admin = Admin();
        try
        {
            // It also makes a topic where the brokers do so for whoever asks.
            var metadata = await Task.Run(() => admin.GetMetadata(topic, Patience)).ConfigureAwait(false);
            var found = metadata.Topics.Find(x => x.Topic == topic);
            if (found is null || found.Error.IsError)
            {
                return TopicState.MissingBecause(KafkaErrors.Explain(found?.Error ?? new Error(ErrorCode.UnknownTopicOrPart), topic));
            }

            var partitions = found.Partitions.OrderBy(partition => partition.PartitionId).ToList();
            return new TopicState(null, [.. partitions.Select(x => x.Leader)], [.. partitions.Select(x => x.InSyncReplicas.Length)]);
        }
        catch (KafkaException error) when (KafkaErrors.KindOf(error.Error) == ErrorKind.Place)
        {
            return TopicState.MissingBecause(KafkaErrors.Explain(error.Error, topic));
        }
        catch (KafkaException)
        {
            Replace(admin);
            return null;
        }
    }

    /// <summary>Brokers before Kafka 2.3, and some that only look like Kafka, do not say what one may do; and reading a topic's settings is a right that a producer need not have.</summary>
    public async Task<TopicRights> RightsAsync(string topic)
    {
        var admin = Admin();
        var rights = MayWriteAsync(admin, topic);
        var (minInSync, maxMessageBytes) = await SettingsAsync(admin, topic).ConfigureAwait(false);
        var denied = await rights.ConfigureAwait(false) ? null : KafkaErrors.Explain(new Error(ErrorCode.TopicAuthorizationFailed), topic);
        return new TopicRights(denied, minInSync, maxMessageBytes);
    }

    /// <inheritdoc/>
    public async Task<bool> AnswersAsync(string topic, int partition)
    {
        var admin = Admin();
        try
        {
            await admin.ListOffsetsAsync(
                [new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, partition), OffsetSpec = OffsetSpec.Latest() }],
                new ListOffsetsOptions { RequestTimeout = Patience }).ConfigureAwait(false);
            return true;
        }
        catch (KafkaException error)
        {
            // What the leader says of its partition comes as an error of this client's with the leader's inside.
            var cause = (error as ListOffsetsException)?.Result.ResultInfos.FirstOrDefault()?.TopicPartitionOffsetError.Error ?? error.Error;
            Replace(admin);
            return !cause.IsLocalError;
        }
    }

    public void Dispose()
    {
        if (_admin is not null)
        {
            Replace(_admin);
        }
    }

    private static async Task<bool> MayWriteAsync(IAdminClient admin, string topic)
    {
        try
        {
            var found = await admin.DescribeTopicsAsync(
                TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { IncludeAuthorizedOperations = true, RequestTimeout = Patience }).ConfigureAwait(false);
            return found.TopicDescriptions[0].AuthorizedOperations is not { Count: > 0 } rights || rights.Contains(AclOperation.Write) || rights.Contains(AclOperation.All);
        }
        catch (KafkaException)
        {
            return true;
        }
    }

    private static async Task<(int? MinInSync, int? MaxMessageBytes)> SettingsAsync(IAdminClient admin, string topic)
    {
        try
        {
            var found = await admin.DescribeConfigsAsync(
                [new ConfigResource { Type = ResourceType.Topic, Name = topic }], new DescribeConfigsOptions { RequestTimeout = Patience }).ConfigureAwait(false);
            return (Number("min.insync.replicas"), Number("max.message.bytes"));

            int? Number(string name) =>
                found[0].Entries.TryGetValue(name, out var entry) && int.TryParse(entry.Value, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        catch (KafkaException)
        {
            return (null, null);
        }
    }

    private IAdminClient Admin()
    {
        lock (_gate)
        {
            return _admin ??= clients.CreateAdmin();
        }
    }

    private void Replace(IAdminClient admin)
    {
        lock (_gate)
        {
            _admin = _admin == admin ? null : _admin;
        }

        Disposal.InBackground(admin);
    }
}

using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Answers;
using Outbox.Cli.Connecting;
using Outbox.Operations.Seeing;

namespace Outbox.Cli.Diagnosing;

/// <summary>Whether Kafka answers, has the topics, keeps enough copies of them, and forgets messages before the inbox does.</summary>
internal sealed class TopicChecks(OutboxPlace place, TimeSpan? window)
{
    private readonly Brokers _brokers = new(place.Settings);

    public async Task<IReadOnlyList<Diagnosis>> RunAsync(CancellationToken cancellation)
    {
        if (place.Settings.Kafka is null && !place.Settings.KafkaSettings.ContainsKey("bootstrap.servers"))
        {
            return [Diagnosis.Unknown("kafka", "Kafka was not asked: say where it is with --kafka, OUTBOX_KAFKA or a profile.")];
        }

        var consumed = (await place.Get<IOutboxOverview>().ListEndpointsAsync(cancellation).ConfigureAwait(false)).SelectMany(endpoint => endpoint.Topics).Where(topic => !topic.StartsWith('^')).ToHashSet(StringComparer.Ordinal);
        var published = await PublishedAsync(cancellation).ConfigureAwait(false);
        return await Task.Run(() => AskAsync(consumed, published, cancellation), cancellation).ConfigureAwait(false);
    }

    /// <summary>What relays have published to, and what is to be published: also to a topic that is not there yet.</summary>
    private async Task<HashSet<string>> PublishedAsync(CancellationToken cancellation)
    {
        var agreed = await place.Collections.Topics.Find(new BsonDocument()).Project(new BsonDocument("_id", 1)).Limit(1_000).ToListAsync(cancellation).ConfigureAwait(false);
        var pending = await place.Collections.OutboxDocuments.Find(new BsonDocument()).Project(new BsonDocument("topic", 1)).Limit(1_000).ToListAsync(cancellation).ConfigureAwait(false);
        var prefix = place.Settings.TopicPrefix;
        return [
            .. agreed.Select(topic => topic["_id"].AsString).Select(topic => topic.StartsWith(prefix, StringComparison.Ordinal) ? topic : prefix + topic),
            .. pending.Select(message => message.GetValue("topic", "")).OfType<BsonString>().Select(topic => topic.Value).Where(topic => topic.Length > 0 && !topic.Contains(':', StringComparison.Ordinal)).Select(topic => prefix + topic),
        ];
    }

    private async Task<IReadOnlyList<Diagnosis>> AskAsync(HashSet<string> consumed, HashSet<string> published, CancellationToken cancellation)
    {
        using var admin = _brokers.Admin();
        Metadata metadata;
        try
        {
            metadata = admin.GetMetadata(_brokers.Patience);
        }
        catch (KafkaException error)
        {
            return [Diagnosis.Wrong("kafka", $"Kafka does not answer: {error.Error.Reason.TrimEnd('.')}.", "Are the brokers running, and reachable from here, with these settings (--kafka, --kafka-config)?")];
        }

        var wanted = consumed.Union(published).Order(StringComparer.Ordinal).ToList();
        var shapes = metadata.Topics.Where(topic => topic.Error.Code == ErrorCode.NoError).ToDictionary(topic => topic.Topic);
        var missing = wanted.Where(topic => !shapes.ContainsKey(topic)).ToList();
        var configs = await ConfigsAsync(admin, [.. wanted.Where(shapes.ContainsKey)], cancellation).ConfigureAwait(false);
        return
        [
            Diagnosis.Ok("kafka", $"{metadata.Brokers.Count} {(metadata.Brokers.Count == 1 ? "broker answers" : "brokers answer")}."),
            missing.Count == 0
                ? Diagnosis.Ok("topics", $"All {wanted.Count} topics that are published to or consumed are there.")
                : Diagnosis.Wrong("topics", $"There is no topic {string.Join(", ", missing)}, or this user may not see it: its messages wait.", "Create it, or set Outbox:Kafka:CreateTopics. Is it another cluster or --topic-prefix?"),
            Copies([.. wanted.Where(shapes.ContainsKey).Select(topic => shapes[topic])], configs),
            Retention(consumed, configs),
        ];
    }

    private Diagnosis Copies(IReadOnlyList<TopicMetadata> topics, Dictionary<string, Dictionary<string, string?>>? configs)
    {
        var single = topics.Where(topic => Replicas(topic) == 1).Select(topic => topic.Topic).ToList();
        if (single.Count > 0)
        {
            return Diagnosis.Warning("replicas", $"One broker alone has {string.Join(", ", single)}: its loss is the loss of what is published.", "Give topics three replicas, and min.insync.replicas 2.");
        }

        if (configs is null)
        {
            return Diagnosis.Unknown("replicas", "The brokers do not say what min.insync.replicas is (the right DescribeConfigs on the topics).");
        }

        var weak = topics.Where(topic => MinInSync(configs, topic.Topic) is < 2).Select(topic => topic.Topic).ToList();
        var tight = topics.Where(topic => MinInSync(configs, topic.Topic) is { } least && least >= Replicas(topic)).Select(topic => topic.Topic).ToList();
        return weak.Count > 0 ? Diagnosis.Warning("replicas", $"{string.Join(", ", weak)} acknowledge with min.insync.replicas 1: an acknowledged message may be on one broker alone.", "Set min.insync.replicas to 2 on them.")
            : tight.Count > 0 ? Diagnosis.Warning("replicas", $"{string.Join(", ", tight)} need all of their replicas in sync: while one broker is down nothing is published.", "Give them one replica more than min.insync.replicas.")
            : Diagnosis.Ok("replicas", "All topics survive the loss of a broker, with what was acknowledged.");
    }

    private Diagnosis Retention(HashSet<string> consumed, Dictionary<string, Dictionary<string, string?>>? configs)
    {
        if (configs is null || window is not { } remembered)
        {
            return Diagnosis.Unknown("retention", "Whether topics keep messages longer than the inbox remembers them is not known: the brokers do not say, or the inbox's index cannot be seen.");
        }

        var longer = consumed.Where(topic => configs.TryGetValue(topic, out var config) && Kept(config) is var kept && (kept is null || kept > remembered)).Order(StringComparer.Ordinal).ToList();
        return longer.Count == 0
            ? Diagnosis.Ok("retention", $"No topic that is consumed keeps messages longer than the inbox remembers them ({Ages.Of(remembered)}).")
            : Diagnosis.Warning(
                "retention",
                $"{string.Join(", ", longer)} keep messages longer than the inbox remembers them ({Ages.Of(remembered)}): what is delivered again after that is processed again.",
                "Raise Outbox:DuplicateDetectionWindow, or lower retention.ms.");
    }

    private async Task<Dictionary<string, Dictionary<string, string?>>?> ConfigsAsync(IAdminClient admin, IReadOnlyList<string> topics, CancellationToken cancellation)
    {
        if (topics.Count == 0)
        {
            return [];
        }

        try
        {
            var found = await admin.DescribeConfigsAsync(
                topics.Select(topic => new ConfigResource { Type = ResourceType.Topic, Name = topic }), new DescribeConfigsOptions { RequestTimeout = _brokers.Patience })
                .WaitAsync(_brokers.Patience * 2, cancellation).ConfigureAwait(false);
            return found.ToDictionary(result => result.ConfigResource.Name, result => result.Entries.ToDictionary(entry => entry.Key, entry => (string?)entry.Value.Value));
        }
        catch (Exception error) when (error is KafkaException or TimeoutException)
        {
            return null;
        }
    }

    private static int Replicas(TopicMetadata topic) => topic.Partitions.Select(partition => partition.Replicas.Length).DefaultIfEmpty().Min();

    private static int? MinInSync(Dictionary<string, Dictionary<string, string?>> configs, string topic) =>
        configs.TryGetValue(topic, out var config) && int.TryParse(config.GetValueOrDefault("min.insync.replicas"), CultureInfo.InvariantCulture, out var least) ? least : null;

    /// <returns><see langword="null"/> for ever.</returns>
    private static TimeSpan? Kept(Dictionary<string, string?> config) =>
        (config.GetValueOrDefault("cleanup.policy") ?? "delete").Contains("delete", StringComparison.Ordinal)
        && long.TryParse(config.GetValueOrDefault("retention.ms"), CultureInfo.InvariantCulture, out var milliseconds) && milliseconds >= 0 && milliseconds < TimeSpan.MaxValue.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;
}

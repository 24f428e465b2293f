using System.Collections.Concurrent;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Kafka.Delivery.Places;

/// <summary>
/// What is known of the topics that messages go to, so that what a topic or a partition does not take is not sent, and costs the others nothing. Topics are asked for when the first
/// message comes for them, when something did not get through, and now and then; the answers are waited for briefly, and used when they come.
/// </summary>
internal sealed class PlaceBook(TopicQuestions questions, IOptions<KafkaOptions> options, TimeProvider time, ILogger<PlaceBook> logger)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, TopicState> _topics = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _askedAt = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Place, string> _silent = new();
    private readonly ConcurrentDictionary<string, Task> _asking = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _reported = new(StringComparer.Ordinal);
    private readonly Lazy<bool> _murmur2 = new(() => PartitionsByMurmur2(options.Value));

    /// <summary>The smallest batch of records that one of the known topics takes, if any of them said.</summary>
    public int? MaxBatchBytes => _topics.Values.Min(topic => topic.MaxMessageBytes);

    /// <summary>Whether the brokers have been heard of a topic.</summary>
    public bool Knows(string topic) => _topics.ContainsKey(topic);

    /// <summary>Where a message goes, as finely as is known.</summary>
    public Place PlaceOf(OutboxMessage message) => new(message.Topic, PartitionOf(message));

    /// <summary>What to tell a producer.</summary>
    public TopicPartition TargetOf(OutboxMessage message) => new(options.Value.TopicPrefix + message.Topic, PartitionOf(message) ?? Partition.Any);

    /// <summary>Why a message cannot get through now: what the brokers say, or that they were silent when something was sent there last.</summary>
    public PublishResult? Closed(OutboxMessage message)
    {
        if (_topics.TryGetValue(message.Topic, out var topic) && topic.Closed is { } closed)
        {
            return PublishResult.PlaceFailed(new Place(message.Topic), closed);
        }

        if (_silent.IsEmpty && topic?.AnyPartitionClosed != true)
        {
            return null;
        }

        var place = PlaceOf(message);
        var why = place.Partition is { } partition ? topic?.ClosedAt(message.Topic, partition) : null;
        return why is not null || _silent.TryGetValue(place, out why) ? PublishResult.PlaceFailed(place, why) : null;
    }

    /// <summary>Notes that messages were sent and not answered, and asks about their topics.</summary>
    public Task DoubtAsync(IReadOnlyCollection<OutboxMessage> messages)
    {
        foreach (var place in messages.Select(PlaceOf).Distinct())
        {
            _silent[place] = place.Partition is { } partition
                ? $"Partition {partition} of topic '{place.Topic}' did not answer."
                : $"Topic '{place.Topic}' did not answer.";
        }

        return AskAsync(messages);
    }

    /// <summary>Asks about the topics of these messages that are not known, or known to be closed, or were last asked for long ago; but not the same ones twice at once.</summary>
    /// <returns>Ends when what was not known, or was closed, has been answered.</returns>
    public Task AskAsync(IEnumerable<OutboxMessage> messages)
    {
        var waits = new List<Task>();
        foreach (var group in messages.GroupBy(message => message.Topic, StringComparer.Ordinal))
        {
            var needed = !_topics.ContainsKey(group.Key) || group.Any(message => Closed(message) is not null);
            if (needed || IsDue(group.Key))
            {
                var asking = _asking.GetOrAdd(group.Key, topic => Task.Run(() => AskAsync(topic)));
                if (needed)
                {
                    waits.Add(asking);
                }
            }
        }

        return Task.WhenAll(waits);
    }

    private bool IsDue(string topic) => !_askedAt.TryGetValue(topic, out var at) || time.GetElapsedTime(at) > Refresh;

    private async Task AskAsync(string topic)
    {
        try
        {
            var name = options.Value.TopicPrefix + topic;
            if (await questions.AskAsync(name).ConfigureAwait(false) is { } state)
            {
                _topics[topic] = state;
                Report(topic, state.Closed);
                await AskSilentAsync(topic, name, state).ConfigureAwait(false);
            }
            else
            {
                // Without any broker there is nobody to wait for; the relay tries now and then.
                Forget(topic, _ => true);
            }
        }
        finally
        {
            _askedAt[topic] = time.GetTimestamp();
            _asking.TryRemove(topic, out _);
        }
    }

    private async Task AskSilentAsync(string topic, string name, TopicState state)
    {
        if (state.Closed is not null)
        {
            return;
        }

        Forget(topic, place => place.Partition is null || place.Partition >= state.Leaders.Count);
        foreach (var partition in _silent.Keys.Where(place => place.Topic == topic).Select(place => place.Partition!.Value).ToList())
        {
            if (state.ClosedAt(topic, partition) is null && await questions.AnswersAsync(name, partition).ConfigureAwait(false))
            {
                _silent.TryRemove(new Place(topic, partition), out _);
            }
        }
    }

    private void Forget(string topic, Func<Place, bool> which)
    {
        foreach (var place in _silent.Keys.Where(place => place.Topic == topic && which(place)))
        {
            _silent.TryRemove(place, out _);
        }
    }

    /// <summary>One line when a topic closes, or closes for another reason, and one when it opens.</summary>
    private void Report(string topic, string? closed)
    {
        if (closed is null)
        {
            if (_reported.TryRemove(topic, out _))
            {
                logger.TopicOpen(topic);
            }
        }
        else if (!_reported.TryGetValue(topic, out var before) || before != closed)
        {
            _reported[topic] = closed;
            logger.TopicClosed(topic, closed);
        }
    }

    private int? PartitionOf(OutboxMessage message) =>
        _topics.TryGetValue(message.Topic, out var topic) && topic.Leaders.Count > 0 && _murmur2.Value
            ? Murmur2.Partition(Encoding.UTF8.GetBytes(message.PartitionKey ?? message.EntityId), topic.Leaders.Count)
            : null;

    private static bool PartitionsByMurmur2(KafkaOptions options)
    {
        var chosen = options.ProducerSettings.TryGetValue("partitioner", out var own) || options.Settings.TryGetValue("partitioner", out own) ? own : null;
        return chosen is null or "murmur2" or "murmur2_random";
    }
}

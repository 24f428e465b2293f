using System.Collections.Concurrent;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Delivery;
using Outbox.Delivery.Publishing;
using Outbox.Kafka.Delivery.Producing;
using Outbox.Messages;

namespace Outbox.Kafka.Delivery.Places;

/// <summary>
/// What is known of the topics that messages go to, so that what a topic or a partition does not take is not sent, and costs the others nothing. Topics are asked for when the first
/// message comes for them, when something did not get through, and now and then; the answers are waited for briefly, and used when they come. That a topic is closed is the relay's to log.
/// </summary>
internal sealed class PlaceBook(
    ITopicQuestions questions, PartitionAgreement agreement, IOptions<KafkaOptions> options, TimeProvider time, ILogger<PlaceBook> logger)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestHearing = TimeSpan.FromSeconds(2);

    private readonly Lock _noting = new();
    private readonly ConcurrentDictionary<string, TopicState> _topics = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _askedAt = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Place, bool> _silent = new();
    private readonly ConcurrentDictionary<string, Question> _asking = new(StringComparer.Ordinal);
    private volatile bool _anySilent;
    private readonly Lazy<bool> _murmur2 = new(() => PartitionsByMurmur2(options.Value));

    /// <summary>The smallest batch of records that one of the known topics takes, if any of them said.</summary>
    public int? MaxBatchBytes => _topics.Values.Min(topic => topic.Rights.MaxMessageBytes) is { } bytes && bytes < ClientSettings.MessageMaxBytes ? bytes : null;

    /// <summary>Whether the brokers have been heard of a topic.</summary>
    public bool Knows(string topic) => _topics.ContainsKey(topic);

    /// <summary>Where a message goes, as finely as is known.</summary>
    public Place PlaceOf(OutboxMessage message) => new(message.Topic, PartitionOf(message));

    /// <summary>What to tell a producer.</summary>
    public TopicPartition TargetOf(OutboxMessage message) => new(options.Value.TopicPrefix + message.Topic, PartitionOf(message) ?? Partition.Any);

    /// <summary>Why a message cannot get through now, if so.</summary>
    /// <param name="message">The message.</param>
    /// <param name="doubts">Whether it counts that something was sent there in vain, and that the brokers have not yet been heard about it.</param>
    public PublishResult? Closed(OutboxMessage message, bool doubts)
    {
        if (_topics.TryGetValue(message.Topic, out var topic) && topic.Closed is { } closed)
        {
            return PublishResult.PlaceFailed(new Place(message.Topic), closed);
        }

        if (!_anySilent && topic?.AnyPartitionClosed != true)
        {
            return null;
        }

        var place = PlaceOf(message);
        var why = place.Partition is { } partition ? topic?.ClosedAt(message.Topic, partition) : null;
        why ??= _silent.TryGetValue(place, out var certain) && (certain || doubts) ? $"Kafka did not answer what was sent to {place}." : null;
        return why is null ? null : PublishResult.PlaceFailed(place, why);
    }

    /// <summary>After lanes were taken: goes by as many partitions as their last owners.</summary>
    /// <exception cref="StoreFailedException">The database does not say how many.</exception>
    public async Task AgreeAsync(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        foreach (var topic in messages.Select(message => message.Topic).Distinct(StringComparer.Ordinal))
        {
            if (_topics.TryGetValue(topic, out var known) && agreement.IsDue(known))
            {
                await agreement.AskAsync(
                    topic, known.Leaders.Count, (agreed, at) => Note(topic, now => (now ?? known) with { Agreed = agreed, AgreedAt = at }), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Notes that messages were sent and not answered, and asks about their topics.</summary>
    /// <returns>Ends when the brokers have been heard, or do not answer.</returns>
    public Task DoubtAsync(IReadOnlyCollection<OutboxMessage> messages)
    {
        foreach (var place in messages.Select(PlaceOf).Distinct())
        {
            _silent.TryAdd(place, false);
        }

        _anySilent = true;
        return Task.WhenAll(messages.Select(message => message.Topic).Distinct(StringComparer.Ordinal).Select(AskOfDoubtAsync));
    }

    /// <summary>Notes that messages were answered after all: nothing is doubted of where they went.</summary>
    public void Trust(IEnumerable<OutboxMessage> answered)
    {
        foreach (var place in answered.Select(PlaceOf).Distinct())
        {
            _silent.TryRemove(place, out _);
        }

        _anySilent = !_silent.IsEmpty;
    }

    /// <summary>Asks about the topics of these messages that are not known, or known to be closed, or were last asked for long ago; but not the same ones twice at once.</summary>
    /// <returns>Ends when the brokers have been heard of what was not known, or was closed.</returns>
    public Task AskAsync(IEnumerable<OutboxMessage> messages)
    {
        var waits = new List<Task>();
        foreach (var group in messages.GroupBy(message => message.Topic, StringComparer.Ordinal))
        {
            var known = _topics.GetValueOrDefault(group.Key);
            if (known is null || group.Any(message => Closed(message, doubts: true) is not null))
            {
                var question = Ask(group.Key);
                waits.Add(known?.Rights.Denied is null ? question.Known : question.Whole);
            }
            else if (IsDue(group.Key))
            {
                Ask(group.Key);
            }
        }

        return Task.WhenAll(waits);
    }

    /// <summary>Asks about everything that the brokers say of these messages' topics now, also what was known.</summary>
    /// <returns>Ends when they were heard, or soon.</returns>
    public Task HearAsync(IEnumerable<OutboxMessage> messages, CancellationToken cancellationToken) =>
        Task.WhenAll(messages.Select(message => message.Topic).Distinct(StringComparer.Ordinal).Select(HearAsync)).EndsWithinAsync(LongestHearing, time, cancellationToken);

    private bool IsDue(string topic) => !_askedAt.TryGetValue(topic, out var at) || time.GetElapsedTime(at) > Refresh;

    private Question Ask(string topic)
    {
        var question = new Question();
        if (_asking.GetOrAdd(topic, question) is var asked && asked == question)
        {
            _ = Task.Run(() => AskAsync(topic, question));
        }

        return asked;
    }

    private async Task AskOfDoubtAsync(string topic)
    {
        var question = await AskAnewAsync(topic).ConfigureAwait(false);
        await question.Known.ConfigureAwait(false);
    }

    private async Task HearAsync(string topic)
    {
        var question = await AskAnewAsync(topic).ConfigureAwait(false);
        await question.Whole.ConfigureAwait(false);
    }

    /// <summary>A question that the brokers have already answered says nothing about what was seen after that.</summary>
    private async Task<Question> AskAnewAsync(string topic)
    {
        var question = Ask(topic);
        if (question.IsAnswered)
        {
            await question.Whole.ConfigureAwait(false);
            question = Ask(topic);
        }

        return question;
    }

    private async Task AskAsync(string topic, Question question)
    {
        var name = options.Value.TopicPrefix + topic;
        try
        {
            var answer = await questions.AskAsync(name).ConfigureAwait(false);
            question.IsAnswered = true;
            if (answer is not { } state)
            {
                // Without any broker there is nobody to wait for; the relay tries now and then.
                Forget(topic, _ => true);
                return;
            }

            await NoteAsync(topic, state).ConfigureAwait(false);
            if (state.Missing is null)
            {
                await AskSilentAsync(topic, name).ConfigureAwait(false);
                question.HasKnown.TrySetResult();
                var rights = await questions.RightsAsync(name).ConfigureAwait(false);
                Note(topic, now => (now ?? state) with { Rights = rights });
            }
        }
        catch (Exception error)
        {
            logger.TopicUnknown(error, topic, error.Message);
        }
        finally
        {
            _askedAt[topic] = time.GetTimestamp();
            _anySilent = !_silent.IsEmpty;
            _asking.TryRemove(topic, out _);
            question.HasKnown.TrySetResult();
            question.HasWhole.TrySetResult();
        }
    }

    /// <summary>Notes what the brokers say. How many partitions to go by is not theirs to say: without a word of the other relays it stays as it is.</summary>
    private async Task NoteAsync(string topic, TopicState heard)
    {
        try
        {
            await agreement.AskAsync(topic, heard.Leaders.Count, (agreed, at) => Note(topic, before => Heard(before) with { Agreed = agreed, AgreedAt = at }), CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (StoreFailedException)
        {
            Note(topic, before => Heard(before) with { Agreed = before?.Agreed, AgreedAt = before?.AgreedAt ?? -1 });
            throw;
        }

        TopicState Heard(TopicState? before) => heard with { Rights = before?.Rights ?? heard.Rights };
    }

    /// <summary>Notes what is new of a topic, and keeps what others have noted meanwhile.</summary>
    private void Note(string topic, Func<TopicState?, TopicState> change)
    {
        lock (_noting)
        {
            var before = _topics.GetValueOrDefault(topic);
            var now = _topics[topic] = change(before);
            if (before?.Partitions > 0 && now.Partitions > 0 && before.Partitions != now.Partitions)
            {
                logger.PartitionsChanged(topic, before.Partitions, now.Partitions);
            }
        }
    }

    private async Task AskSilentAsync(string topic, string name)
    {
        Forget(topic, place => place.Partition is null || place.Partition >= _topics[topic].Partitions);
        foreach (var place in _silent.Keys.Where(place => place.Topic == topic).ToList())
        {
            if (await questions.AnswersAsync(name, place.Partition!.Value).ConfigureAwait(false))
            {
                _silent.TryRemove(place, out _);
            }
            else
            {
                // Unless it has answered the messages themselves meanwhile.
                _silent.TryUpdate(place, true, false);
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

    private int? PartitionOf(OutboxMessage message) =>
        _topics.TryGetValue(message.Topic, out var topic) && topic.Partitions > 0 && _murmur2.Value
            ? Murmur2.Partition(Encoding.UTF8.GetBytes(message.PartitionKey ?? message.EntityId), topic.Partitions)
            : null;

    private static bool PartitionsByMurmur2(KafkaOptions options)
    {
        var chosen = options.ProducerSettings.TryGetValue("partitioner", out var own) || options.Settings.TryGetValue("partitioner", out own) ? own : null;
        return chosen is null or "murmur2" or "murmur2_random";
    }

    /// <summary>A question that is being asked.</summary>
    private sealed class Question
    {
        private volatile bool _isAnswered;

        public TaskCompletionSource HasKnown { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource HasWhole { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Whether the brokers have told of the topic: what is doubted from now on may not be asked for.</summary>
        public bool IsAnswered
        {
            get => _isAnswered;
            set => _isAnswered = value;
        }

        /// <summary>Ends when it is known whether the topic and its leaders are there.</summary>
        public Task Known => HasKnown.Task;

        /// <summary>Ends when everything is known.</summary>
        public Task Whole => HasWhole.Task;
    }
}

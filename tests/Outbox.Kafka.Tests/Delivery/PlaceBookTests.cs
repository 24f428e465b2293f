using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Publishing;
using Outbox.Kafka.Delivery.Places;
using Outbox.Kafka.Tests.Fixture;
using Outbox.Messages;

namespace Outbox.Kafka.Tests.Delivery;

/// <summary>What is known of topics, by answers that come late, in another order, or never.</summary>
public sealed class PlaceBookTests
{
    private readonly Brokers _brokers = new();
    private readonly Relays _relays = new();
    private readonly Logs _logs = new(new Signal());
    private readonly PlaceBook _book;

    public PlaceBookTests()
    {
        var options = Options.Create(new KafkaOptions());
        _book = new PlaceBook(_brokers, new PartitionAgreement([_relays], _relays, options), options, new FakeTimeProvider(), new Logger<PlaceBook>(new LoggerFactory([_logs])));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task G4_an_older_answer_of_the_brokers_does_not_undo_what_was_agreed_after_lanes_were_taken(bool ofRights)
    {
        _relays.Partitions = 2;
        _brokers.Partitions = 2;
        await AskAsync();
        Assert.Equal(2, Known());

        // The brokers have answered, and the answer has yet to be taken in, while the last owner of a lane is found to have gone by more.
        var late = ofRights ? _brokers.TellRightsLater() : _brokers.AnswerLater();
        var asking = _book.HearAsync([Message(0)], Stop);
        await late.Asked;
        (_relays.Partitions, _relays.Takeovers) = (6, 1);
        await _book.AgreeAsync([Message(0)], Stop);
        Assert.Equal(6, Known());
        late.Release();
        await asking.WaitAsync(Patience, Stop);

        Assert.Equal(6, Known());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task G4_of_two_answers_of_the_relays_the_older_is_never_the_last(int takeovers)
    {
        // The database has answered the first question, and the answer is on its way, when another relay writes more down and the second question is asked.
        (_relays.Partitions, _brokers.Partitions) = (2, 2);
        _relays.Takeovers = 0;
        await AskAsync();
        var late = _relays.AnswerLater();
        var asking = _book.DoubtAsync([Message(0)]);
        await late.Asked;
        (_relays.Partitions, _relays.Takeovers) = (6, 1 + takeovers);
        var agreeing = _book.AgreeAsync([Message(0)], Stop);
        late.Release();
        await Task.WhenAll(agreeing, asking).WaitAsync(Patience, Stop);

        Assert.Equal(6, Known());
    }

    [Fact]
    public async Task What_the_relays_were_asked_before_lanes_were_taken_is_asked_again()
    {
        (_relays.Partitions, _brokers.Partitions) = (2, 2);
        await AskAsync();
        var late = _relays.AnswerLater();
        var asking = _book.DoubtAsync([Message(0)]);
        await late.Asked;
        (_relays.Partitions, _relays.Takeovers) = (6, 1);
        late.Release();
        await asking.WaitAsync(Patience, Stop);
        Assert.Equal(2, Known());

        await _book.AgreeAsync([Message(0)], Stop);

        Assert.Equal(6, Known());
    }

    [Fact]
    public async Task Where_the_database_does_not_answer_the_number_stays_and_a_topic_without_one_is_not_gone_by()
    {
        (_relays.Partitions, _brokers.Partitions) = (2, 2);
        await AskAsync();
        _brokers.Partitions = 6;
        _relays.Error = new IOException("no primary");
        await _book.DoubtAsync([Message(0)]).WaitAsync(Patience, Stop);
        Assert.Equal(2, Known());

        _relays.Takeovers = 1;
        var error = await Assert.ThrowsAsync<Outbox.Delivery.StoreFailedException>(() => _book.AgreeAsync([Message(0)], Stop));
        Assert.Equal("agreeing on a topic's partitions: no primary", error.Message);

        await _book.AskAsync([Message(0, "new")]).WaitAsync(Patience, Stop);
        await Assert.ThrowsAsync<Outbox.Delivery.StoreFailedException>(() => _book.AgreeAsync([Message(0, "new")], Stop));
    }

    [Fact]
    public async Task A_place_is_doubted_until_its_leader_was_asked_and_closed_when_that_does_not_answer()
    {
        await AskAsync();
        var late = _brokers.LeaderAnswersLater(answers: false);

        var asking = _book.DoubtAsync([Message(0)]);
        await late.Asked;
        Assert.NotNull(_book.Closed(Message(0), doubts: true));
        Assert.Null(_book.Closed(Message(0), doubts: false));
        late.Release();
        await asking.WaitAsync(Patience, Stop);

        Assert.Equal(_book.PlaceOf(Message(0)), _book.Closed(Message(0), doubts: false)?.Place);
        Assert.Null(_book.Closed(Elsewhere(), doubts: true));
    }

    [Fact]
    public async Task A_leader_that_answers_ends_the_doubt()
    {
        await AskAsync();

        await _book.DoubtAsync([Message(0)]).WaitAsync(Patience, Stop);

        Assert.Null(_book.Closed(Message(0), doubts: true));
    }

    [Fact]
    public async Task A_question_that_was_answered_before_the_doubt_does_not_end_it_and_another_is_asked()
    {
        var late = _brokers.TellRightsLater();
        await AskAsync();
        await late.Asked;

        var asking = _book.DoubtAsync([Message(0)]);
        late.Release();
        await asking.WaitAsync(Patience, Stop);

        Assert.Null(_book.Closed(Message(0), doubts: true));
    }

    [Fact]
    public async Task What_answers_the_messages_themselves_meanwhile_is_open_whatever_its_leader_says()
    {
        await AskAsync();
        var late = _brokers.LeaderAnswersLater(answers: false);
        var asking = _book.DoubtAsync([Message(0)]);
        await late.Asked;

        _book.Trust([Message(0)]);
        late.Release();
        await asking.WaitAsync(Patience, Stop);

        Assert.Null(_book.Closed(Message(0), doubts: true));
    }

    [Fact]
    public async Task Where_no_broker_answers_no_place_is_doubted_for_it()
    {
        await AskAsync();
        _brokers.Partitions = null;

        await _book.DoubtAsync([Message(0), Elsewhere()]).WaitAsync(Patience, Stop);

        Assert.Null(_book.Closed(Message(0), doubts: true));
        Assert.Null(_book.Closed(Elsewhere(), doubts: true));
    }

    [Fact]
    public async Task That_a_topic_closes_or_opens_is_not_told_here_but_by_the_relay()
    {
        _brokers.Denied = "The right Write is missing.";
        await _book.HearAsync([Message(0)], Stop);
        Assert.NotNull(_book.Closed(Message(0), doubts: false));
        _brokers.Denied = null;
        await _book.HearAsync([Message(0)], Stop);
        Assert.Null(_book.Closed(Message(0), doubts: false));

        Assert.Equal(0, _logs.Count);
    }

    [Fact]
    public async Task A_question_that_was_answered_before_the_brokers_are_to_be_heard_is_not_what_they_say_now()
    {
        var late = _brokers.TellRightsLater();
        await AskAsync();
        await late.Asked;
        _brokers.Denied = "The right Write is missing.";

        var hearing = _book.HearAsync([Message(0)], Stop);
        late.Release();
        await hearing.WaitAsync(Patience, Stop);

        Assert.NotNull(_book.Closed(Message(0), doubts: false));
    }

    private static TimeSpan Patience => Signal.Patience;

    private Task AskAsync() => _book.AskAsync([Message(0)]).WaitAsync(Patience, Stop);

    /// <summary>How many partitions messages are sent to.</summary>
    private int Known() => Enumerable.Range(0, 200).Select(entity => _book.PlaceOf(Message(entity)).Partition!.Value).Max() + 1;

    private OutboxMessage Elsewhere() => Enumerable.Range(0, 200).Select(entity => Message(entity)).First(message => _book.PlaceOf(message) != _book.PlaceOf(Message(0)));

    private static OutboxMessage Message(int entity, string topic = "orders") => new()
    {
        MessageId = $"o{entity}",
        Lane = 0,
        Topic = topic,
        EntityType = "order",
        EntityId = $"o{entity}",
        Version = 1,
        Ordinal = 0,
        Intent = MessageIntent.Event,
        Type = "order-placed",
        Payload = "{}",
        Timestamp = DateTimeOffset.UnixEpoch,
    };

    /// <summary>An answer that is already decided, and comes when the test says so.</summary>
    private sealed class Late
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task.WaitAsync(Patience, Stop);

        public void Release() => _released.SetResult();

        public async Task<T> AnswerAsync<T>(T answer)
        {
            _asked.TrySetResult();
            await _released.Task;
            return answer;
        }
    }

    private sealed class Brokers : ITopicQuestions
    {
        private Late? _late;
        private Late? _rights;
        private Late? _leader;
        private bool _leaderAnswers = true;

        public string? Denied { get; set; }

        /// <summary>How many partitions they say; <see langword="null"/> when none answers.</summary>
        public int? Partitions { get; set; } = 4;

        public Late AnswerLater() => _late = new Late();

        public Late TellRightsLater() => _rights = new Late();

        public Late LeaderAnswersLater(bool answers)
        {
            _leaderAnswers = answers;
            return _leader = new Late();
        }

        public Task<TopicState?> AskAsync(string topic)
        {
            var answer = Partitions is { } count ? new TopicState(null, [.. Enumerable.Repeat(1, count)], [.. Enumerable.Repeat(1, count)]) : null;
            return Interlocked.Exchange(ref _late, null)?.AnswerAsync(answer) ?? Task.FromResult(answer);
        }

        public Task<TopicRights> RightsAsync(string topic)
        {
            var answer = new TopicRights(Denied, null, null);
            return Interlocked.Exchange(ref _rights, null)?.AnswerAsync(answer) ?? Task.FromResult(answer);
        }

        public Task<bool> AnswersAsync(string topic, int partition) => Interlocked.Exchange(ref _leader, null)?.AnswerAsync(_leaderAnswers) ?? Task.FromResult(_leaderAnswers);
    }

    /// <summary>What the relays have written down, and this one's lanes.</summary>
    private sealed class Relays : ITopicPartitions, ILaneGuard
    {
        private Late? _late;

        public int Partitions { get; set; } = 4;

        public Exception? Error { get; set; }

        public long Takeovers { get; set; }

        public IReadOnlySet<int> Lanes => new HashSet<int> { 0 };

        public DateTimeOffset Now => DateTimeOffset.UnixEpoch;

        public Late AnswerLater() => _late = new Late();

        public Task<int> AgreeAsync(string topic, int seen, CancellationToken cancellationToken) =>
            Error is not null ? Task.FromException<int>(Error) : Interlocked.Exchange(ref _late, null)?.AnswerAsync(Partitions) ?? Task.FromResult(Partitions);

        public Task<bool> OwnsAsync(int lane, CancellationToken cancellationToken) => Task.FromResult(true);

        public bool MaySend(int lane) => true;
    }
}

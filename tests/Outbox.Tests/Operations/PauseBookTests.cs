using Microsoft.Extensions.Time.Testing;
using Outbox.Operations;
using Outbox.Operations.Pausing;
using Outbox.Tests.Delivery;

namespace Outbox.Tests.Operations;

public sealed class PauseBookTests
{
    private static readonly PauseTarget Orders = PauseTarget.Topic("orders");
    private readonly FakeTimeProvider _time = new();
    private readonly Lines<PauseBook> _log = new();
    private readonly StoredPauses _stored = new();
    private readonly PauseBook _book;

    public PauseBookTests() => _book = new PauseBook([_stored], _time, _log);

    [Fact]
    public async Task Until_somebody_has_looked_everything_rests()
    {
        Assert.True(_book.MustRest(Orders));
        var resumed = _book.UntilResumedAsync(Orders);

        await _book.LookAsync(TestContext.Current.CancellationToken);

        await resumed;
        Assert.False(_book.MustRest(Orders));
    }

    [Fact]
    public void Where_pauses_are_kept_nowhere_nothing_rests() => Assert.False(new PauseBook([], _time, _log).MustRest(PauseTarget.Relay));

    [Fact]
    public async Task A_pause_ends_at_its_time_though_nobody_looks_again_and_is_logged_once_when_it_begins_and_once_when_it_ends()
    {
        Store(Orders, TimeSpan.FromMinutes(1));
        Assert.True(await _book.LookAsync(TestContext.Current.CancellationToken));
        Assert.False(await _book.LookAsync(TestContext.Current.CancellationToken));
        Assert.True(_book.IsTopicPaused("orders"));
        Assert.False(_book.IsTopicPaused(""));
        Assert.False(_book.MustRest(PauseTarget.Relay));
        Assert.Equal(1, _book.Begun);
        var resumed = _book.UntilResumedAsync(Orders);

        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.False(_book.MustRest(Orders));
        Assert.True(_book.Expire());
        Assert.False(_book.Expire());

        await resumed;
        Assert.Equal([601, 602], _log.Ids);
        Assert.Contains("came to its end", _log.All[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_resumed_or_replaced_is_told()
    {
        Store(Orders, TimeSpan.FromMinutes(1));
        await _book.LookAsync(TestContext.Current.CancellationToken);
        _stored.Clear();
        Store(Orders, TimeSpan.FromMinutes(9));
        Assert.True(await _book.LookAsync(TestContext.Current.CancellationToken));
        _stored.Clear();
        Assert.True(await _book.LookAsync(TestContext.Current.CancellationToken));

        Assert.Equal([601, 601, 602], _log.Ids);
        Assert.Contains("was resumed", _log.All[^1].Text, StringComparison.Ordinal);
        Assert.Empty(_book.All);
    }

    [Fact]
    public async Task A_pause_does_not_end_before_its_time_because_the_answer_took_long()
    {
        await LookSlowlyAsync(TimeSpan.FromSeconds(2), Lasting(TimeSpan.FromSeconds(3)));

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(_book.MustRest(Orders));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_book.MustRest(Orders));
    }

    [Fact]
    public async Task A_pause_that_is_over_before_this_process_counts_it_so_came_to_its_end_and_was_not_resumed()
    {
        await LookSlowlyAsync(TimeSpan.FromSeconds(2), Lasting(TimeSpan.FromSeconds(3)));

        // The database read its clock as soon as it was asked.
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await _book.LookAsync(TestContext.Current.CancellationToken));

        Assert.Contains("came to its end", _log.All[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_who_look_at_once_the_one_that_began_earlier_does_not_have_the_last_word()
    {
        var (early, late) = (new TaskCompletionSource<IReadOnlyList<Pause>>(), new TaskCompletionSource<IReadOnlyList<Pause>>());
        _stored.Answers.Enqueue(early.Task);
        _stored.Answers.Enqueue(late.Task);
        var first = _book.LookAsync(TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var second = _book.LookAsync(TestContext.Current.CancellationToken);

        late.SetResult([Lasting(TimeSpan.FromMinutes(1))]);
        Assert.True(await second);
        early.SetResult([]);

        Assert.False(await first);
        Assert.NotNull(_book.Find(Orders));
    }

    private async Task LookSlowlyAsync(TimeSpan duration, Pause found)
    {
        var answer = new TaskCompletionSource<IReadOnlyList<Pause>>();
        _stored.Answers.Enqueue(answer.Task);
        var look = _book.LookAsync(TestContext.Current.CancellationToken);
        _time.Advance(duration);
        answer.SetResult([found]);
        await look;
    }

    private Pause Lasting(TimeSpan length) => new(Orders, _time.GetUtcNow(), _time.GetUtcNow() + length, Actor.Application, "why") { Remaining = length };

    private void Store(PauseTarget target, TimeSpan length) => _stored.Add(target, _time.GetUtcNow(), "why", length);
}

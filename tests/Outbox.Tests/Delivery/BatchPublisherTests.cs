using Microsoft.Extensions.Time.Testing;
using Outbox.Delivery;
using Outbox.Delivery.Batches;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Tests.Delivery;

/// <summary>A publisher that throws.</summary>
public sealed class BatchPublisherTests
{
    private readonly ToTopics _publisher = new();
    private readonly Lines<BatchPublisher> _log = new();
    private readonly BatchPublisher _batches;

    public BatchPublisherTests() => _batches = new BatchPublisher(_publisher, new RelayRuntime(new FakeTimeProvider(), new Random(7)), _log);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(33, 0)]
    [InlineData(33, 16)]
    [InlineData(1_000, 999)]
    public async Task G5_the_message_that_it_throws_for_has_failed_and_the_others_are_published(int count, int poisoned)
    {
        var messages = Enumerable.Range(0, count).Select(n => Samples.Message($"o{n}")).ToList();
        _publisher.Answer = message => message.EntityId == $"o{poisoned}" ? throw new FormatException("not JSON") : PublishResult.Published;

        var results = await PublishAsync(messages);

        Assert.Equal(PublishStatus.Failed, results[poisoned].Status);
        Assert.Contains("FormatException: not JSON", results[poisoned].Error, StringComparison.Ordinal);
        Assert.All(results.Where((_, index) => index != poisoned), result => Assert.Equal(PublishStatus.Published, result.Status));
        Assert.Equal([217], _log.Ids);
    }

    [Fact]
    public async Task G5_its_neighbours_are_not_published_again_with_each_of_its_attempts()
    {
        _publisher.Answer = message => message.EntityId == "o3" ? throw new FormatException("not JSON") : PublishResult.Published;
        await PublishAsync([.. Enumerable.Range(0, 8).Select(n => Samples.Message($"o{n}"))]);
        _publisher.Given.Clear();

        var results = await PublishAsync([Samples.Message("o1", 2), Samples.Message("o3"), Samples.Message("o5", 2)]);

        Assert.Equal([PublishStatus.Published, PublishStatus.Failed, PublishStatus.Published], results.Select(result => result.Status));
        Assert.Equal(["o1", "o5", "o3"], _publisher.Given.Select(message => message.EntityId));
        Assert.Equal([217], _log.Ids);
    }

    [Fact]
    public async Task G4_what_is_behind_it_of_its_entity_waits()
    {
        _publisher.Answer = message => message is { EntityId: "o1", Version: 2 } ? throw new FormatException("not JSON") : PublishResult.Published;
        OutboxMessage[] messages = [Samples.Message("o1", 1), Samples.Message("o1", 2), Samples.Message("o1", 3), Samples.Message("o2", 1)];
        PublishStatus[] expected = [PublishStatus.Published, PublishStatus.Failed, PublishStatus.Held, PublishStatus.Published];

        Assert.Equal(expected, (await PublishAsync(messages)).Select(result => result.Status));
        Assert.Equal(expected, (await PublishAsync(messages)).Select(result => result.Status));
    }

    [Fact]
    public async Task A_publisher_that_throws_for_everything_says_nothing_about_any_message()
    {
        _publisher.Answer = _ => throw new IOException("the disk is full");

        var results = await PublishAsync([.. Enumerable.Range(0, 100).Select(n => Samples.Message($"o{n}"))]);

        Assert.DoesNotContain(results, result => result.Status is not (PublishStatus.Unavailable or PublishStatus.Held));
        Assert.Contains(results, result => result.Error?.Contains("the disk is full", StringComparison.Ordinal) == true);
        Assert.InRange(_publisher.Given.Count, 1, 500);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(33)]
    public async Task G5_an_error_of_the_database_is_no_messages_fault_and_nobody_looks_for_one(int count)
    {
        _publisher.Answer = _ => throw new StoreFailedException("asking whose a lane is", new IOException("no primary"));

        var error = await Assert.ThrowsAsync<StoreFailedException>(() => PublishAsync([.. Enumerable.Range(0, count).Select(n => Samples.Message($"o{n}"))]));

        Assert.Equal("asking whose a lane is: no primary", error.Message);
        Assert.Equal(count, _publisher.Given.Count);
        Assert.Empty(_log.Ids);
    }

    [Fact]
    public async Task What_was_published_before_an_error_of_the_database_is_told_and_the_rest_waits()
    {
        _publisher.Answer = message => message.EntityId switch
        {
            "o3" => throw new FormatException("not JSON"),
            "o7" => throw new StoreFailedException("asking whose a lane is", new IOException("no primary")),
            _ => PublishResult.Published,
        };

        var results = await PublishAsync([.. Enumerable.Range(0, 8).Select(n => Samples.Message($"o{n}"))]);

        Assert.Equal(
            [PublishStatus.Published, PublishStatus.Published, PublishStatus.Published, PublishStatus.Failed, PublishStatus.Held, PublishStatus.Held, PublishStatus.Held, PublishStatus.Held],
            results.Select(result => result.Status));
    }

    [Fact]
    public async Task A_publisher_that_gives_too_few_results_has_published_nothing()
    {
        var batches = new BatchPublisher(new Forgetful(), new RelayRuntime(new FakeTimeProvider(), new Random(7)), _log);

        var results = await batches.PublishAsync([Samples.Message("o1"), Samples.Message("o2")], TimeSpan.FromSeconds(1));

        Assert.All(results, result => Assert.Equal(PublishStatus.Failed, result.Status));
    }

    [Fact]
    public async Task What_only_a_newer_instance_knows_is_not_given_to_the_publisher_nor_what_is_behind_it()
    {
        var results = await PublishAsync([Samples.Message("o1", 1), Samples.Message("o1", 2) with { NotKnownBecause = "a new format" }, Samples.Message("o1", 3), Samples.Message("o2")]);

        Assert.Equal([PublishStatus.Published, PublishStatus.NotKnown, PublishStatus.Held, PublishStatus.Published], results.Select(result => result.Status));
        Assert.Equal([1L, 1], _publisher.Given.Select(message => message.Version));
    }

    private Task<IReadOnlyList<PublishResult>> PublishAsync(IReadOnlyList<OutboxMessage> messages) => _batches.PublishAsync(messages, TimeSpan.FromSeconds(4));

    private sealed class Forgetful : IMessagePublisher
    {
        public Task<IReadOnlyList<PublishResult>> PublishAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<PublishResult>>([]);
    }
}

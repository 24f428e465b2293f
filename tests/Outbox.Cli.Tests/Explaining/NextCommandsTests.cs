using Outbox.Cli.Explaining;
using Outbox.Inbox;
using Outbox.Messages;
using Outbox.Operations.Explaining;

namespace Outbox.Cli.Tests.Explaining;

public sealed class NextCommandsTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 26, 5, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(FindingCodes.Parked, "outbox parked show m1", "outbox parked retry --reason \"…\" m1")]
    [InlineData(FindingCodes.InboxParked, "outbox parked show p1", "outbox parked retry --reason \"…\" p1")]
    [InlineData(FindingCodes.Gap, "outbox sequences release --reason \"…\" billing orders 42 order")]
    [InlineData(FindingCodes.RelayPaused, "outbox resume relay --reason \"…\"")]
    [InlineData(FindingCodes.TopicPaused, "outbox resume topic --reason \"…\" orders")]
    [InlineData(FindingCodes.EndpointPaused, "outbox resume endpoint --reason \"…\" billing")]
    [InlineData(FindingCodes.EndpointReplayed, "outbox replay show billing")]
    [InlineData(FindingCodes.NoRelay, "outbox lanes", "outbox instances")]
    [InlineData(FindingCodes.PlaceClosed, "outbox doctor")]
    [InlineData(FindingCodes.Published)]
    public void What_was_found_is_mended_by_a_command_that_one_can_copy(string code, params string[] commands) => Assert.Equal(commands, NextCommands.For(Found(code, "m1")));

    [Theory]
    [InlineData("$(reboot)", "outbox parked show '$(reboot)'")]
    [InlineData("it's", "outbox parked show 'it'\\''s'")]
    [InlineData("--yes", "outbox parked show -- --yes")]
    [InlineData("a b", "outbox parked show 'a b'")]
    public void An_id_of_somebody_else_is_one_word_and_nothing_more(string id, string command) => Assert.Equal(command, NextCommands.For(Found(FindingCodes.Parked, id))[0]);

    [Theory]
    [InlineData("")]
    [InlineData("a\nreboot")]
    [InlineData("\u001b[2J")]
    public void What_cannot_be_typed_makes_no_command(string id) => Assert.Empty(NextCommands.For(Found(FindingCodes.Parked, id)));

    private static Explanation Found(string code, string id) => new("message m1", [new Finding(code, FindingKind.Stuck, "why") { Topic = "orders", Endpoint = "billing" }])
    {
        Pending = [Message("m2") with { Topic = "customers" }],
        Parked = [Message(id)],
        Processed = [Message("m1") with { Endpoint = "shipping" }],
        InboxParked = [Message("m3") with { Endpoint = "billing", Outcome = "failed", ParkedId = "p1" }],
        Sequences = [new TracedSequence(new Sequence("billing", "orders", "42") { EntityType = "order" }, 6, Waits: true)],
    };

    private static TracedMessage Message(string id) => new(id, new Entity("order", "42"), "order-placed", "orders", 7, At);
}

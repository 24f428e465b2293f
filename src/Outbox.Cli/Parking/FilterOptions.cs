using System.CommandLine;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Delivery.Operations;
using Outbox.Inbox;
using Outbox.Inbox.Operations;

namespace Outbox.Cli.Parking;

/// <summary>The options that choose parked messages.</summary>
internal sealed class FilterOptions
{
    private readonly Option<string?> _side = Choice.Of(new Option<string?>("--side") { Description = "outbox: what could not be published; inbox: what could not be processed." }, Choice.Words<Side>());
    private readonly Option<string?> _endpoint = Text("--endpoint", "group", "Only this endpoint's.");
    private readonly Option<string?> _parkedAs = Choice.Of(new Option<string?>("--parked-as") { Description = "Only those of the inbox that are parked for this." }, Choice.Words<ParkReason>());
    private readonly Option<string?> _topic = Text("--topic", "topic", "Only those of this topic.");
    private readonly Option<string?> _entityType = Text("--entity-type", "type", "Only those of entities of this type.");
    private readonly Option<string?> _entity = Text("--entity", "id", "Only those of the entities of this id.");
    private readonly Option<string?> _type = Text("--type", "type", "Only messages of this type.");
    private readonly Option<string?> _group = Text("--group", "group", "Only those of this group of errors: outbox parked groups.");
    private readonly Option<string?> _error = Text("--error", "text", "Only those whose error has this text in it, in the same letters.");
    private readonly Option<string?> _from = Text("--from", "time", "Only those parked at this moment or later: 2026-11-26T05:30:00Z, or 2h ago.");
    private readonly Option<string?> _before = Text("--before", "time", "Only those parked before this moment.");

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _side, _endpoint, _parkedAs, _topic, _entityType, _entity, _type, _group, _error, _from, _before })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether anything chooses among the messages of a side.</summary>
    public bool IsSaid(Call call) =>
        new[] { _parkedAs, _endpoint, _topic, _entityType, _entity, _type, _group, _error, _from, _before }.Any(option => call.Get(option) is not null);

    /// <summary>The sides that are meant: what only the inbox has means the inbox.</summary>
    /// <exception cref="CommandException">They contradict each other.</exception>
    public IReadOnlyList<Side> Sides(Call call)
    {
        var isInbox = call.Get(_endpoint) is not null || call.Get(_parkedAs) is not null;
        return (call.Get(_side) is { } word ? Choice.Read<Side>(word) : (Side?)null, isInbox) switch
        {
            (Side.Outbox, true) => throw new CommandException(ExitCode.Usage, "Messages of the outbox have no endpoint: leave --endpoint and --parked-as out, or say --side inbox."),
            ({ } side, _) => [side],
            (null, true) => [Side.Inbox],
            _ => [Side.Outbox, Side.Inbox],
        };
    }

    /// <summary>The one side that is meant.</summary>
    /// <exception cref="CommandException">It is not said.</exception>
    public Side OneSide(Call call) => Sides(call) is [var side] ? side : throw new CommandException(ExitCode.Usage, "Say which side: --side outbox, or --side inbox.");

    public ParkedFilter Outbox(Call call, DateTimeOffset now) => new()
    {
        Topic = call.Get(_topic),
        EntityType = call.Get(_entityType),
        EntityId = call.Get(_entity),
        Type = call.Get(_type),
        ErrorGroup = call.Get(_group),
        Error = call.Get(_error),
        ParkedFrom = Moment(call, _from, now),
        ParkedBefore = Moment(call, _before, now),
    };

    public ParkedInboxFilter Inbox(Call call, DateTimeOffset now) => new()
    {
        Endpoint = call.Get(_endpoint),
        Reason = call.Get(_parkedAs) is { } reason ? Choice.Read<ParkReason>(reason) : null,
        Topic = call.Get(_topic),
        EntityType = call.Get(_entityType),
        EntityId = call.Get(_entity),
        Type = call.Get(_type),
        ErrorGroup = call.Get(_group),
        Error = call.Get(_error),
        ParkedFrom = Moment(call, _from, now),
        ParkedBefore = Moment(call, _before, now),
    };

    private static DateTimeOffset? Moment(Call call, Option<string?> option, DateTimeOffset now) => call.Get(option) is { } text ? Times.Moment(text, option.Name, now) : null;

    private static Option<string?> Text(string name, string value, string description) => new(name) { Description = description, HelpName = value };
}

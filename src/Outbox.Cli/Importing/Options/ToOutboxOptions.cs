using System.CommandLine;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Cli.Connecting;
using Outbox.Cli.Importing.Destinations;
using Outbox.Cli.Importing.Rules;
using Outbox.MongoDb.Capture;
using Outbox.Operations.Seeing;

namespace Outbox.Cli.Importing.Options;

/// <summary>What an import into the outbox says: what becomes of which message.</summary>
internal sealed class ToOutboxOptions(MessageFormat format) : ImportOptions
{
    private static readonly Dictionary<string, MessageFormat> Formats = Enum.GetValues<MessageFormat>().Where(one => one != MessageFormat.Custom).ToDictionary(one => one.ToString().ToLowerInvariant());

    public Option<string[]> Topic { get; } = Many("--topic", "The topic of a type, OrderPlaced=orders, or of all others. May be said several times.", "type=topic");

    public Option<string[]> Type { get; } = Many("--type", "The name on the wire of a type, OrderPlaced=order-placed.v2. The default is the type's own name in kebab case.", "type=name");

    public Option<string[]> Entity { get; } = Many("--entity", "Where the entity's id is: $.orderId in the message, key (the Kafka key), or correlation. The default is the Kafka key that a message was given; without one each message is an entity of its own.", "[type=]where");

    public Option<string[]> EntityType { get; } = Many("--entity-type", "What the ids name, as the service registers it. The default is the topic's name.", "[type=]name");

    public Option<string[]> Version { get; } = Many("--entity-version", "Where the entity's version is, $.version. The default is that versions are counted.", "[type=]where");

    public Option<string[]> Intent { get; } = Many("--intent", "event or command. The default is event.", "[type=]intent");

    public Option<string> Format { get; } = Choice.Of(
        new Option<string>("--format") { Description = "How the messages look on Kafka. The default is as the old product writes them.", DefaultValueFactory = _ => format.ToString().ToLowerInvariant() }, [.. Formats.Keys]);

    public override void AddTo(Command command)
    {
        foreach (var option in (Option[])[Topic, Type, Entity, EntityType, Version, Intent, Format])
        {
            command.Options.Add(option);
        }

        base.AddTo(command);
    }

    public override async Task<IImportDestination> DestinationAsync(Call call, OutboxPlace place, string origin) =>
        new OutboxDestination(place.Get<MessageStore>(), await RulesAsync(call, place, origin).ConfigureAwait(false));

    /// <summary>What is said of messages.</summary>
    /// <exception cref="CommandException">It makes no sense.</exception>
    private async Task<ImportRules> RulesAsync(Call call, OutboxPlace place, string origin)
    {
        var lanes = await place.Get<IOutboxOverview>().ListLanesAsync(call.Cancellation).ConfigureAwait(false);
        return new ImportRules(Formats[call.Get(Format)!], lanes.Max(lane => lane.Number) + 1)
        {
            Topics = NameMap.Of("--topic", call.Get(Topic)),
            Types = NameMap.Of("--type", call.Get(Type)),
            Entities = NameMap.Of("--entity", call.Get(Entity)).Check(where => _ = where is "key" or "correlation" ? where : JsonPath.Check(where, "--entity")),
            EntityTypes = NameMap.Of("--entity-type", call.Get(EntityType)),
            Versions = NameMap.Of("--entity-version", call.Get(Version)).Check(where => JsonPath.Check(where, "--entity-version")),
            Intents = NameMap.Of("--intent", call.Get(Intent)).Check(intent => _ = intent is "event" or "command" ? intent : throw new CommandException(ExitCode.Usage, "--intent is event or command.")),
            Origin = origin,
        };
    }
}

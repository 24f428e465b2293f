using System.CommandLine;
using Outbox.Cli.Calls;
using Outbox.Cli.Connecting;
using Outbox.Cli.Importing.Destinations;
using Outbox.Cli.Importing.Rules;
using Outbox.MongoDb;
using Outbox.Operations.Seeing;

namespace Outbox.Cli.Importing.Options;

/// <summary>What an import into the inbox says: which endpoint takes what which group has received.</summary>
internal sealed class ToInboxOptions : ImportOptions
{
    public Option<string[]> Endpoint { get; } = Many("--endpoint", "The endpoint that takes what a consumer group has received, shop.v1=billing, or what all others have. The default is the topic's only endpoint.", "[group=]name");

    public override void AddTo(Command command)
    {
        command.Options.Add(Endpoint);
        base.AddTo(command);
    }

    public override async Task<IImportDestination> DestinationAsync(Call call, OutboxPlace place, string origin) => new InboxDestination(
        place.Get<OutboxCollections>(),
        await place.Get<IOutboxOverview>().ListEndpointsAsync(call.Cancellation).ConfigureAwait(false),
        NameMap.Of("--endpoint", call.Get(Endpoint)),
        call.Time);
}

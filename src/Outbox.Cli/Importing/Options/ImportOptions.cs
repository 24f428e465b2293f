using System.CommandLine;
using Outbox.Cli.Calls;
using Outbox.Cli.Connecting;
using Outbox.Cli.Importing.Destinations;

namespace Outbox.Cli.Importing.Options;

/// <summary>What every import says: from where, and for how long.</summary>
internal abstract class ImportOptions
{
    public Option<string?> Database { get; } = new("--source-database") { Description = "The database of the old product, on the same servers. The default is the service's own.", HelpName = "name" };

    public Option<bool> UntilEmpty { get; } = new("--until-empty") { Description = "Go on beside the old product until nothing is pending that could be moved." };

    public Option<bool> Follow { get; } = new("--follow") { Description = "Go on beside the old product until Ctrl+C." };

    public Option<string> Every { get; } = new("--every") { Description = "With --until-empty and --follow: how long to rest when nothing could be moved. The default is 2s.", HelpName = "time", DefaultValueFactory = _ => "2s" };

    public ActOptions Act { get; } = new();

    public virtual void AddTo(Command command)
    {
        foreach (var option in (Option[])[Database, UntilEmpty, Follow, Every, Act.Reason, Act.Yes])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Where the messages go.</summary>
    public abstract Task<IImportDestination> DestinationAsync(Call call, OutboxPlace place, string origin);

    protected static Option<string[]> Many(string name, string description, string help) => new(name) { Description = description, HelpName = help };
}

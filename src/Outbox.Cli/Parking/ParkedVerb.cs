using System.CommandLine;
using Outbox.Cli.Calls;

namespace Outbox.Cli.Parking;

/// <summary><c>parked</c>: what waits for a person.</summary>
internal static class ParkedVerb
{
    public static Command Create(Caller caller)
    {
        var command = new Command("parked", "See what could not be published or processed, and decide about it.");
        foreach (var verb in SeeVerbs.Create(caller).Concat(ActVerbs.Create(caller)).Append(EditVerb.Create(caller)).Append(ExportVerb.Create(caller)))
        {
            command.Subcommands.Add(verb);
        }

        return command;
    }
}

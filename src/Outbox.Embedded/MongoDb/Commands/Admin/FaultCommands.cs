using Outbox.Embedded.MongoDb.Protocol;

namespace Outbox.Embedded.MongoDb.Commands.Admin;

/// Failure on a client's command.
internal static class FaultCommands
{
    public static IEnumerable<CommandSpec> All { get; } =
    [
        new("configureFailPoint", Traits.Admin, ConfigureFailPoint, "mode", "data"),
        new("replSetStepDown", Traits.Admin | Traits.Write, StepDown, "force", "secondaryCatchUpPeriodSecs"),
    ];

    private static ValueTask<Reply> ConfigureFailPoint(CommandContext context)
    {
        context.Server.FailPoints.Configure(context.Command);
        return new(Reply.Ok());
    }

    private static ValueTask<Reply> StepDown(CommandContext context)
    {
        var seconds = context.Command[0].IsNumeric ? context.Command[0].ToDouble() : 60;
        context.Server.Elections.StepDown(TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 3600)));
        return new(Reply.Ok());
    }
}

namespace Outbox.Examples.Tests.Compose;

public sealed class ComposeService
{
    public string? Image { get; set; }

    public ComposeBuild? Build { get; set; }

    public List<string> Command { get; set; } = [];

    public Dictionary<string, string> Environment { get; set; } = [];

    public List<string> Ports { get; set; } = [];

    public ComposeHealthCheck? Healthcheck { get; set; }

    public Dictionary<string, Dictionary<string, string>> DependsOn { get; set; } = [];

    /// <summary>The project whose Dockerfile builds the service.</summary>
    public string Project => Path.GetFileName(Path.GetDirectoryName(Build!.Dockerfile))!;
}

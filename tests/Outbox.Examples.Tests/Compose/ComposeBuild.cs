namespace Outbox.Examples.Tests.Compose;

public sealed class ComposeBuild
{
    public string Context { get; set; } = "";

    public string Dockerfile { get; set; } = "";
}

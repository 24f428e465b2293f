using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Outbox.Examples.Tests.Compose;

/// <summary>What the tests need of docker-compose.yml.</summary>
public sealed class ComposeFile
{
    public Dictionary<string, ComposeService> Services { get; set; } = [];

    /// <summary>The services that are built from this repository.</summary>
    public IEnumerable<ComposeService> Built => Services.Values.Where(service => service.Build is not null);

    public static ComposeFile Read() => new DeserializerBuilder()
        .WithNamingConvention(UnderscoredNamingConvention.Instance)
        .IgnoreUnmatchedProperties()
        .Build()
        .Deserialize<ComposeFile>(File.ReadAllText(Repository.PathOf("docker-compose.yml")));
}

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

public sealed class ComposeBuild
{
    public string Context { get; set; } = "";

    public string Dockerfile { get; set; } = "";
}

public sealed class ComposeHealthCheck
{
    public List<string> Test { get; set; } = [];
}

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

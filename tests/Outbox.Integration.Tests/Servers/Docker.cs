using DotNet.Testcontainers.Configurations;

namespace Outbox.Integration.Tests.Servers;

internal static class Docker
{
    /// <summary>Whether a Docker engine answers, asked once.</summary>
    public static Task<bool> AnswersAsync() => Asked.Value;

    private static readonly Lazy<Task<bool>> Asked = new(() => Task.Run(() =>
    {
        try
        {
            return TestcontainersSettings.OS.DockerEndpointAuthConfig is not null;
        }
        catch (Exception)
        {
            return false;
        }
    }));
}

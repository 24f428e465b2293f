using System.Runtime.InteropServices;

namespace Demo.Services;

/// <summary>Finds what the build has put where.</summary>
internal static class ServiceFiles
{
    /// <summary>The runtime's own <c>dotnet</c>, so that the services run on the same one as the demo.</summary>
    public static string DotNet()
    {
        var shared = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..");
        var host = Path.GetFullPath(Path.Combine(shared, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        return File.Exists(host) ? host : "dotnet";
    }

    /// <summary>A service's assembly: its output folder has the same place in its project as the demo's has in the demo's.</summary>
    public static string Assembly(string project)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var demo = output;
        while (demo is not null && !File.Exists(Path.Combine(demo.FullName, "Demo.csproj")))
        {
            demo = demo.Parent;
        }

        if (demo?.Parent is null)
        {
            throw new DemoException($"The demo must run from its project's output folder, not from {output.FullName}. Use: dotnet run --project examples/Demo -c Release");
        }

        var place = Path.GetRelativePath(demo.FullName, output.FullName);
        var path = Path.GetFullPath(Path.Combine(demo.Parent.FullName, project, place, project + ".dll"));
        return File.Exists(path) ? path : throw new DemoException($"{path} is missing. Build the demo with its services: dotnet build examples/Demo -c Release");
    }
}

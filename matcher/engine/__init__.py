"""Every pair of many candidates and many vacancies: what needs numba, OR-Tools, HiGHS or Dask.

The rules themselves stay in ``matcher.domain``; what is here only lays them out for speed.
"""
